package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.internals.Topic;

/** What the policy of a server lets a call see and change. Immutable. */
public final class Permissions {

    private static final String INTERNAL_PREFIX = "__";

    private final KafkaPolicy policy;

    /** Those of a policy. */
    public Permissions(KafkaPolicy policy) {
        this.policy = policy;
    }

    /** Whether all topics may be seen and used, so that none has to be looked at. */
    public boolean everyTopic() {
        return policy.topics().contains("*");
    }

    /** Whether a topic may be seen and used. */
    public boolean topic(String name) {
        return policy.allowsTopic(name);
    }

    /** Whether a group may be seen and used. */
    public boolean group(String groupId) {
        return policy.allowsGroup(groupId);
    }

    /** @throws MCPToolError {@link KafkaErrorCode#NOT_ALLOWED} if the topic may not be seen and used */
    public void requireTopic(String name) {
        if (!topic(name)) {
            throw notAllowed("topic", "topic", name, policy.topics());
        }
    }

    /** @throws MCPToolError {@link KafkaErrorCode#NOT_ALLOWED} if the group may not be seen and used */
    public void requireGroup(String groupId) {
        if (!group(groupId)) {
            throw notAllowed("group", "groupId", groupId, policy.groups());
        }
    }

    /**
     * For tools that create, change or delete a topic or its records.
     *
     * @throws MCPToolError {@link KafkaErrorCode#NOT_ALLOWED} if the topic may not be used, or is one of Kafka's own
     */
    public void requireChangeableTopic(String name) {
        requireTopic(name);
        if (internal(name)) {
            throw new MCPToolError(
                    KafkaErrorCode.NOT_ALLOWED,
                    "Topic '" + name + "' is one of Kafka's own; this server never changes those.",
                    Map.of("topic", name));
        }
    }

    /** Whether a topic of this name is Kafka's own, or that of a product that follows its convention. */
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
