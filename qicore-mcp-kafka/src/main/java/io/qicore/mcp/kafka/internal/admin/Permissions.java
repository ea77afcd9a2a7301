package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.internals.Topic;

/** What a call may see and change: what the policy of the server and the limits of the caller both allow. Immutable. */
public final class Permissions {

    private static final String INTERNAL_PREFIX = "__";

    private final KafkaPolicy policy;
    private final NamePatterns topics;
    private final NamePatterns groups;

    /** Creates the permissions of a caller under a policy. */
    public Permissions(KafkaPolicy policy, Caller caller) {
        this.policy = policy;
        this.topics = caller.limit(Caller.TOPICS);
        this.groups = caller.limit(Caller.GROUPS);
    }

    /** Returns whether all topics may be seen and used, so that single names need not be checked. */
    public boolean everyTopic() {
        return policy.topics().contains("*") && topics.isAll();
    }

    /** Returns whether a topic may be seen and used. */
    public boolean topic(String name) {
        return policy.allowsTopic(name) && topics.match(name);
    }

    /** Returns whether a topic whose name begins with a prefix can be one that may be seen and used. */
    public boolean topicPrefix(String prefix) {
        return canMatchPrefix(policy.topics(), prefix) && topics.canMatchPrefix(prefix);
    }

    /** Returns whether a group may be seen and used. */
    public boolean group(String groupId) {
        return policy.allowsGroup(groupId) && groups.match(groupId);
    }

    /** Returns whether a group whose id begins with a prefix can be one that may be seen and used. */
    public boolean groupPrefix(String prefix) {
        return canMatchPrefix(policy.groups(), prefix) && groups.canMatchPrefix(prefix);
    }

    /**
     * Returns whether a transactional id may be seen. It follows the list of groups, because Kafka Streams and Kafka Connect make
     * it from the id of their group.
     */
    public boolean transactionalId(String id) {
        return group(id);
    }

    /** Returns a text that is the same for callers with the same limits, and empty for a caller without any. */
    public String limits() {
        return topics.isAll() && groups.isAll() ? "" : "\n" + topics + "\n" + groups;
    }

    /**
     * Requires that a topic may be seen and used.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#NOT_ALLOWED} if it may not
     */
    public void requireTopic(String name) {
        if (!topics.match(name)) {
            throw limited("topic", "topic", name, topics);
        }
        if (!policy.allowsTopic(name)) {
            throw notAllowed("topic", "topic", name, topics, policy.topics());
        }
    }

    /** Returns the names and patterns of topics to show to the caller: its own if it has some, otherwise those of the policy. */
    public List<String> allowedTopics() {
        return topics.isAll() ? policy.topics() : topics.patterns();
    }

    /**
     * Requires that a group may be seen and used.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#NOT_ALLOWED} if it may not
     */
    public void requireGroup(String groupId) {
        if (!groups.match(groupId)) {
            throw limited("group", "groupId", groupId, groups);
        }
        if (!policy.allowsGroup(groupId)) {
            throw notAllowed("group", "groupId", groupId, groups, policy.groups());
        }
    }

    /**
     * Requires that a tool may create, change or delete a topic or its records.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#NOT_ALLOWED} if the topic may not be used or is internal
     */
    public void requireChangeableTopic(String name) {
        requireTopic(name);
        if (internal(name)) {
            throw new MCPToolError(
                    KafkaErrorCode.NOT_ALLOWED,
                    "Topic '" + name + "' is an internal topic of Kafka. This server never changes internal topics.",
                    Map.of("topic", name));
        }
    }

    /** Returns whether a name is that of an internal topic, of Kafka or of a product that follows the same convention. */
    public static boolean internal(String name) {
        return name.startsWith(INTERNAL_PREFIX) || Topic.isInternal(name);
    }

    /** Returns names and patterns for a message. */
    public static String listed(List<String> patterns) {
        return patterns.isEmpty() ? "none" : String.join(", ", patterns);
    }

    private static boolean canMatchPrefix(List<String> patterns, String prefix) {
        return NamePatterns.of("names", patterns).canMatchPrefix(prefix);
    }

    private static MCPToolError limited(String kind, String argument, String name, NamePatterns limit) {
        return new MCPToolError(
                KafkaErrorCode.NOT_ALLOWED,
                "You may not use " + kind + " '" + name + "'. Your API key or access token limits you to these " + kind
                        + "s: " + listed(limit.patterns()) + ". Whoever issued it can change the limit.",
                Map.of(argument, name, "allowed", limit.patterns()));
    }

    /** What the server allows is not shown to a caller with limits: the names of others can be in it. */
    private static MCPToolError notAllowed(
            String kind, String argument, String name, NamePatterns limit, List<String> allowed) {
        String refused = "This server is not allowed to use " + kind + " '" + name + "'.";
        return limit.isAll()
                ? new MCPToolError(
                        KafkaErrorCode.NOT_ALLOWED,
                        refused + " Allowed " + kind + "s: " + listed(allowed) + ".",
                        Map.of(argument, name, "allowed", allowed))
                : new MCPToolError(KafkaErrorCode.NOT_ALLOWED, refused, Map.of(argument, name));
    }
}
