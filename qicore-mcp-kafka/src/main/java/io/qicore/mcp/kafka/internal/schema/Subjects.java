package io.qicore.mcp.kafka.internal.schema;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.name.UnknownName;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.registry.RegistryException;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The subjects that an agent may see. A subject belongs to the topic whose name with {@code -key} or {@code -value} it has; where
 * the policy does not allow every topic, other subjects are hidden.
 */
final class Subjects {

    private static final List<String> SUFFIXES = List.of("-value", "-key");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern RECORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
    private static final String HIDDEN =
            "A message of the schema registry is hidden, because it mentions subjects that may not be used here.";

    private Subjects() {}

    static boolean visible(Permissions permissions, String subject) {
        return permissions.everyTopic()
                || SUFFIXES.stream()
                        .anyMatch(suffix -> subject.endsWith(suffix)
                                && isTopic(permissions, subject.substring(0, subject.length() - suffix.length())));
    }

    /** A pattern must not match a name that cannot be one of a topic, such as one in another context of the registry. */
    private static boolean isTopic(Permissions permissions, String name) {
        return TOPIC.matcher(name).matches() && permissions.topic(name);
    }

    /** Returns whether a subject is that of a kind of record of a topic, as TopicRecordNameStrategy of serializers makes it. */
    static boolean ofTopic(String topic, String subject) {
        return subject.startsWith(topic + "-")
                && RECORD.matcher(subject.substring(topic.length() + 1)).matches();
    }

    /**
     * Returns a text of the registry for the caller, or a note instead of one that mentions a subject which the caller may not
     * see.
     */
    static String shown(Permissions permissions, RegistryClient registry, String text) {
        if (permissions.everyTopic()) {
            return text;
        }
        try {
            return registry.subjects().stream()
                            .filter(subject -> !visible(permissions, subject))
                            .noneMatch(text::contains)
                    ? text
                    : HIDDEN;
        } catch (RegistryException e) {
            return HIDDEN;
        }
    }

    /**
     * Returns the subject that a call names, by itself or as that of the values of a topic.
     *
     * @throws MCPToolError if it names none or both, or one that it may not see
     */
    static String named(Permissions permissions, @Nullable String topic, @Nullable String subject) {
        if ((topic == null) == (subject == null)) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT, "Give either topic or subject.", Map.of("argument", "subject"));
        }
        if (topic != null) {
            permissions.requireTopic(topic);
            return topic + "-value";
        }
        if (!visible(permissions, subject)) {
            throw new MCPToolError(
                    KafkaErrorCode.NOT_ALLOWED,
                    "This server is not allowed to show subject '" + subject + "'.",
                    Map.of("subject", subject));
        }
        return subject;
    }

    /** Returns the error of a tool for a request that failed. */
    static MCPToolError error(RegistryException failure) {
        return error(failure, String.valueOf(failure.getMessage()));
    }

    static MCPToolError error(RegistryException failure, String message) {
        return switch (failure.kind()) {
            case NOT_FOUND -> new MCPToolError(KafkaErrorCode.SCHEMA_NOT_FOUND, message, Map.of(), failure);
            case REFUSED -> new MCPToolError(StandardErrorCode.INVALID_ARGUMENT, message, Map.of(), failure);
            case DENIED -> new MCPToolError(StandardErrorCode.NOT_AUTHORIZED, message, Map.of(), failure);
            case UNAVAILABLE -> new MCPToolError(StandardErrorCode.EXTERNAL_SERVICE_ERROR, message, Map.of(), failure);
        };
    }

    /** Returns the error for a subject that does not exist, with similar names. */
    static MCPToolError notFound(
            Permissions permissions, RegistryClient registry, String subject, RegistryException failure) {
        List<String> known;
        try {
            known = registry.subjects().stream()
                    .filter(name -> visible(permissions, name))
                    .toList();
        } catch (RegistryException e) {
            failure.addSuppressed(e);
            known = List.of();
        }
        return known.contains(subject)
                ? error(failure)
                : UnknownName.error(KafkaErrorCode.SCHEMA_NOT_FOUND, "subject", "subject", subject, known, failure);
    }
}
