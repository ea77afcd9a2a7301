package io.qicore.mcp.kafka.internal.cluster;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ListPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code list_reassignments}. */
public final class ListReassignmentsTool {

    record Arguments(
            @Schema(value = "Maximum partitions to list", minimum = 1, maximum = 1000, defaultValue = "50")
            int limit) {}

    record Reassignment(
            @Schema("The name of the topic") String topic,
            @Schema("The number of the partition") int partition,

            @Schema("The ids of the brokers that hold a replica now, with those that are being added and removed")
            List<Integer> replicas,

            @Schema("The ids of the brokers that get a replica")
            List<Integer> adding,

            @Schema("The ids of the brokers that lose theirs")
            List<Integer> removing) {}

    record Result(
            @Schema("The partitions that move now, sorted by topic and number")
            List<Reassignment> reassignments,

            @Schema("The number of all these partitions") int count,

            @Schema("true if there are more than the limit; otherwise absent") @Nullable
            Boolean truncated) {}

    private ListReassignmentsTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("list_reassignments", Arguments.class, Result.class)
                .title("List reassignments in progress")
                .description("Lists the partitions that move between brokers now. Use it to explain network load,"
                        + " under-replicated partitions and refused changes of partitions.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> list(handle.session(context), args.limit()))
                .build();
    }

    private static Result list(AdminSession kafka, int limit) {
        Map<TopicPartition, PartitionReassignment> moving = kafka.await(
                kafka.admin()
                        .listPartitionReassignments(kafka.bounded(new ListPartitionReassignmentsOptions()))
                        .reassignments(),
                KafkaOperation.toRead(
                        "list the reassignments of partitions", Map.of(), Access.toCluster(AclOperation.DESCRIBE)));
        List<Reassignment> rows = moving.entrySet().stream()
                .filter(entry -> kafka.permissions().topic(entry.getKey().topic()))
                .sorted(Map.Entry.comparingByKey(CommittedOffsets.PARTITION_ORDER))
                .map(entry -> new Reassignment(
                        entry.getKey().topic(),
                        entry.getKey().partition(),
                        entry.getValue().replicas(),
                        entry.getValue().addingReplicas(),
                        entry.getValue().removingReplicas()))
                .toList();
        return new Result(
                rows.subList(0, Math.min(limit, rows.size())), rows.size(), rows.size() > limit ? true : null);
    }
}
