package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Denials;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.acl.AclOperation;

/**
 * Explains empty lists. Brokers leave out what a principal may not describe, so a principal without rights gets an empty list and
 * no error.
 */
public final class Visibility {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Visibility() {}

    /** Warns that a list without topics may be a lack of rights. Sends a request. */
    public static void explainNoTopics(AdminSession kafka, Warnings warnings) {
        explain(kafka, Access.toTopic(AclOperation.DESCRIBE, "*"), "see all topics, so some may be hidden", warnings);
    }

    /** Warns that a list without groups may be a lack of rights. Sends a request. */
    public static void explainNoGroups(AdminSession kafka, Warnings warnings) {
        explain(kafka, Access.toCluster(AclOperation.DESCRIBE), "see all groups, so some may be hidden", warnings);
    }

    /** A principal that may not describe the cluster has limited rights, and perhaps none. */
    private static void explain(AdminSession kafka, Access needed, String action, Warnings warnings) {
        var options = kafka.bounded(new DescribeClusterOptions().includeAuthorizedOperations(true), PATIENCE);
        var operation = KafkaOperation.toRead(action, Map.of());
        warnings.attempt(() -> {
            var granted = kafka.await(
                    kafka.admin().describeCluster(options).authorizedOperations(),
                    KafkaOperation.toRead("read its own rights", Map.of()));
            if (granted != null && !granted.contains(AclOperation.DESCRIBE)) {
                warnings.add(Denials.missing(needed, operation, kafka.cluster()).getMessage());
            }
            return null;
        });
    }
}
