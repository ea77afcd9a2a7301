package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.kafka.connect.SourceConnectorConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Shows of the config of a connector only what is known to be harmless. Connectors of all kinds keep passwords in their configs, also
 * in properties that do not say so, such as URLs, so every other value is masked.
 */
final class ConfigMask {

    static final String MASK = "***";

    /** A value that is nothing but a reference, which a worker resolves by a config provider. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[A-Za-z0-9_.-]+:[^{}$]*}");

    /** Properties of Connect itself, and of the plugin for producers. */
    private static final Set<String> KNOWN = Set.of(
            "name",
            "connector.class",
            "connector.plugin.version",
            "tasks.max",
            "tasks.max.enforce",
            "topics",
            "topics.regex",
            "topic",
            "key.converter",
            "value.converter",
            "header.converter",
            "transforms",
            "predicates",
            "config.action.reload",
            "errors.tolerance",
            "errors.retry.timeout",
            "errors.retry.delay.max.ms",
            "errors.log.enable",
            "errors.log.include.messages",
            "errors.deadletterqueue.topic.name",
            "errors.deadletterqueue.topic.replication.factor",
            "errors.deadletterqueue.context.headers.enable",
            "exactly.once.support",
            "transaction.boundary",
            "transaction.boundary.interval.ms",
            "offsets.storage.topic",
            "topic.creation.groups",
            SourceConnectorConfig.STARTED,
            SourceConnectorConfig.RATE);

    private static final Pattern TRANSFORM_TYPE = Pattern.compile("(transforms|predicates)\\.[\\w-]+\\.type");

    /** What the names of texts that are shown end with, if the plugin itself defines them as texts. */
    private static final Pattern HARMLESS_NAME = Pattern.compile(
            "(.*[._-])?(host(name)?|port|database|dbname|schema|catalog|table|tables|topic|topics|prefix|include[._]list"
                    + "|exclude[._]list|whitelist|blacklist|mode|format|interval|bucket|region|index|collection|file)"
                    + "([._]name)?");

    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(pass|pwd|secret|token|credential|auth|jaas|private|api.?key|access.?key|sign).*");

    /** No sign that could begin credentials: no URL, no assignment, no list of parameters. */
    private static final Pattern HARMLESS_TEXT = Pattern.compile("[\\w.,*|/ -]{0,300}");

    private static final Set<String> TEXTS = Set.of("STRING", "LIST");

    private ConfigMask() {}

    /**
     * Returns the config as agents may see it, sorted by name.
     *
     * @param types the types of the properties that the plugin defines, by name; empty if they are not known
     */
    static Map<String, String> visible(Map<String, String> config, Map<String, String> types) {
        Map<String, String> visible = new TreeMap<>();
        config.forEach(
                (name, value) -> visible.put(name, isShown(name, value, types.getOrDefault(name, "")) ? value : MASK));
        return visible;
    }

    /** Returns the values that are never shown, to remove them from other texts. */
    static List<String> hiddenValues(Map<String, String> config) {
        return config.entrySet().stream()
                .filter(entry -> !isShown(entry.getKey(), entry.getValue(), ""))
                .filter(entry -> SECRET_NAME.matcher(entry.getKey()).matches()
                        || !HARMLESS_TEXT.matcher(entry.getValue()).matches())
                .map(Map.Entry::getValue)
                .toList();
    }

    private static boolean isShown(String name, String value, String type) {
        if (REFERENCE.matcher(value).matches()) {
            return true;
        }
        if (SECRET_NAME.matcher(name).matches() || value.contains("${")) {
            return false;
        }
        return switch (type) {
            case "BOOLEAN" -> value.matches("(?i)\\s*(true|false)\\s*");
            case "SHORT", "INT", "LONG", "DOUBLE" -> value.matches("\\s*[-+]?[0-9.]{1,20}\\s*");
            case "CLASS" -> value.matches("[\\w.$]{1,300}");
            case "PASSWORD" -> false;
            default ->
                (KNOWN.contains(name)
                                || TRANSFORM_TYPE.matcher(name).matches()
                                || (TEXTS.contains(type)
                                        && HARMLESS_NAME.matcher(name).matches()))
                        && (HARMLESS_TEXT.matcher(value).matches()
                                || name.equals(SourceConnectorConfig.STARTED)
                                || name.equals("connector.class")
                                || name.equals("topics.regex"));
        };
    }
}
