package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.internals.Topic;

/** What the policy of a server allows a call to see and to change. Immutable. */
public final class Permissions {

    private static final String INTERNAL_PREFIX = "__";

    private final KafkaPolicy policy;

    /** Creates the permissions that a policy grants. */
    public Permissions(KafkaPolicy policy) {
        this.policy = policy;
    }

    /** Returns whether all topics may be seen and used, so that single names need not be checked. */
    public boolean everyTopic() {
        return policy.topics().contains("*");
    }

    /** Returns whether a topic may be seen and used. */
    public boolean topic(String name) {
        return policy.allowsTopic(name);
    }

    /** Returns whether a group may be seen and used. */
    public boolean group(String groupId) {
        return policy.allowsGroup(groupId);
    }

    /**
     * Requires that a topic may be seen and used.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#NOT_ALLOWED} if it may not
     */
    public void requireTopic(String name) {
        if (!topic(name)) {
            throw notAllowed("topic", "topic", name, policy.topics());
        }
    }

    /**
     * Requires that a group may be seen and used.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#NOT_ALLOWED} if it may not
     */
    public void requireGroup(String groupId) {
        if (!group(groupId)) {
            throw notAllowed("group", "groupId", groupId, policy.groups());
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

    private static MCPToolError notAllowed(String kind, String argument, String name, List<String> allowed) {
        return new MCPToolError(
                KafkaErrorCode.NOT_ALLOWED,
                "This server is not allowed to use " + kind + " '" + name + "'. Allowed " + kind + "s: "
                        + String.join(", ", allowed) + ".",
                Map.of(argument, name, "allowed", allowed));
    }
}
