package io.qicore.mcp.kafka.internal.admin;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/**
 * An access that Kafka's ACLs grant: an operation on a resource.
 *
 * @param name the name of the resource; {@value #CLUSTER} for the cluster
 */
public record Access(AclOperation operation, ResourceType type, String name) {

    private static final String CLUSTER = "kafka-cluster";
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9._:@-]+");

    /** Returns an operation on a topic. */
    public static Access toTopic(AclOperation operation, String name) {
        return new Access(operation, ResourceType.TOPIC, name);
    }

    /** Returns an operation on a consumer, share or streams group. */
    public static Access toGroup(AclOperation operation, String groupId) {
        return new Access(operation, ResourceType.GROUP, groupId);
    }

    /** Returns an operation on a transactional id. */
    public static Access toTransactionalId(AclOperation operation, String id) {
        return new Access(operation, ResourceType.TRANSACTIONAL_ID, id);
    }

    /** Returns an operation on the cluster. */
    public static Access toCluster(AclOperation operation) {
        return new Access(operation, ResourceType.CLUSTER, CLUSTER);
    }

    /** Returns the operation as {@code kafka-acls} names it, such as {@code DescribeConfigs}. */
    String operationName() {
        return SecurityUtils.operationName(operation);
    }

    /** Returns the access in a sentence, such as {@code Write on topic 'orders'}. */
    String text() {
        String resource =
                switch (type) {
                    case CLUSTER -> "the cluster";
                    case TRANSACTIONAL_ID -> "transactional id '" + name + "'";
                    default -> type.name().toLowerCase(Locale.ROOT) + " '" + name + "'";
                };
        return operationName() + " on " + resource;
    }

    /** Returns the access for the context of an error. */
    Map<String, Object> context() {
        return Map.of("operation", operationName(), "resourceType", type.name(), "resourceName", name);
    }

    /** Returns the command that grants the access. */
    String grant(String principal, String bootstrapServers) {
        String resource =
                switch (type) {
                    case CLUSTER -> "--cluster";
                    case TRANSACTIONAL_ID -> "--transactional-id " + word(name);
                    default -> "--" + type.name().toLowerCase(Locale.ROOT) + " " + word(name);
                };
        return "kafka-acls --bootstrap-server " + bootstrapServers + " --add --allow-principal " + word(principal)
                + " --operation " + operationName() + " " + resource;
    }

    /** Quotes a name for a shell: a group id may have any characters. */
    private static String word(String name) {
        return PLAIN_WORD.matcher(name).matches() ? name : "'" + name.replace("'", "'\\''") + "'";
    }
}
