package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.BrokerConfigs;
import io.qicore.mcp.kafka.internal.read.LogDirs;
import io.qicore.mcp.kafka.internal.read.TopicConfigs;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.kafka.internal.topic.PartitionHealth.Problem;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeMetadataQuorumOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code get_cluster_health}: six requests at most and one for each broker, whatever the number of topics.
 *
 * <p>{@code min.insync.replicas} is read for the topics that it can matter to only: Kafka cannot leave the other thirty
 * settings of a topic out of its answer.
 */
public final class GetClusterHealthTool {

    private static final String MIN_ISR = "min.insync.replicas";

    record Arguments(
            @Schema(minimum = 1, maximum = 1000, defaultValue = "20")
            int limit) {}

    record LogDir(
            int broker,
            String path,

            int replicas,

            long usedBytes,

            @Nullable Long totalBytes,

            @Nullable Long usableBytes,

            @Schema("Why it is offline") @Nullable String error) {}

    record Result(
            @Schema("OK; DEGRADED: copies or brokers are missing; CRITICAL: data cannot be read or written")
            String status,

            String clusterId,

            @Nullable Integer controller,

            List<Integer> brokers,

            @Schema("That should hold data") List<Integer> missingBrokers,

            int topics,
            int partitions,

            int offline,

            @Schema("Writes with acks=all fail") int underMinIsr,

            int underReplicated,

            @Schema("The worst first") List<PartitionHealth.Row> problems,

            List<LogDir> logDirs,

            @Nullable Boolean truncated,

            @Nullable List<String> warnings) {}

    private final AdminSession kafka;
    private final int limit;
    private final Warnings warnings = new Warnings();

    private GetClusterHealthTool(AdminSession kafka, int limit) {
        this.kafka = kafka;
        this.limit = limit;
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("get_cluster_health", Arguments.class, Result.class)
                .title("Check the cluster")
                .description("Checks brokers, replication and disks. Start here.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> new GetClusterHealthTool(handle.session(context), args.limit()).check())
                .build();
    }

    private Result check() {
        var reading = KafkaOperation.toRead("describe the cluster", Map.of());
        var cluster = kafka.admin().describeCluster(kafka.bounded(new DescribeClusterOptions()));
        var quorum = kafka.admin().describeMetadataQuorum(kafka.bounded(new DescribeMetadataQuorumOptions()));
        Set<String> names = Topics.names(kafka, true);
        Collection<Integer> brokers = new TreeSet<>(
                kafka.await(cluster.nodes(), reading).stream().map(Node::id).toList());
        LogDirs logs = LogDirs.request(kafka, brokers);
        List<TopicDescription> topics = Topics.describeAll(kafka, names);
        List<PartitionHealth.Row> problems = PartitionHealth.rows(topics, minIsr(brokers, topics));
        Set<Integer> missing = missing(topics, brokers);
        LogDirs.Answer disks = logs.await(warnings);
        List<LogDir> directories = directories(disks);
        int offline = (int) PartitionHealth.count(problems, Problem.OFFLINE);
        int underMinIsr = (int) PartitionHealth.count(problems, Problem.UNDER_MIN_ISR);
        boolean brokenDisk = directories.stream().anyMatch(directory -> directory.error() != null);
        boolean degraded =
                !problems.isEmpty() || !missing.isEmpty() || disks.brokers().size() < brokers.size();
        return new Result(
                offline + underMinIsr > 0 || brokenDisk ? "CRITICAL" : degraded ? "DEGRADED" : "OK",
                kafka.await(cluster.clusterId(), reading),
                warnings.attempt(() -> kafka.await(
                                        quorum.quorumInfo(), KafkaOperation.toRead("find the controller", Map.of()))
                                .leaderId())
                        .orElse(null),
                List.copyOf(brokers),
                List.copyOf(missing),
                topics.size(),
                topics.stream().mapToInt(topic -> topic.partitions().size()).sum(),
                offline,
                underMinIsr,
                (int) topics.stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .filter(PartitionHealth::underReplicated)
                        .count(),
                first(problems),
                first(directories),
                problems.size() > limit || directories.size() > limit ? true : null,
                warnings.orNull());
    }

    /** By topic, for those where it could be undercut. */
    private Map<String, Integer> minIsr(Collection<Integer> brokers, List<TopicDescription> topics) {
        int inherited = brokers.stream()
                .findFirst()
                .flatMap(broker -> warnings.attempt(() -> BrokerConfigs.number(kafka, broker, MIN_ISR)))
                .orElse(1);
        Set<String> suspects = PartitionHealth.suspects(topics, inherited);
        TopicConfigs requested = TopicConfigs.request(kafka, suspects);
        Map<String, Integer> known = new HashMap<>();
        for (String topic : suspects) {
            warnings.attempt(() -> TopicConfigs.number(requested.await(topic), MIN_ISR))
                    .ifPresent(value -> known.put(topic, value));
        }
        return known;
    }

    private static Set<Integer> missing(List<TopicDescription> topics, Collection<Integer> brokers) {
        Set<Integer> missing = new TreeSet<>();
        topics.stream()
                .flatMap(topic -> topic.partitions().stream())
                .flatMap(partition -> partition.replicas().stream())
                .map(Node::id)
                .filter(id -> !brokers.contains(id))
                .forEach(missing::add);
        return missing;
    }

    private static List<LogDir> directories(LogDirs.Answer disks) {
        List<LogDir> directories = new ArrayList<>();
        disks.brokers()
                .forEach((broker, paths) -> paths.forEach((path, directory) -> directories.add(new LogDir(
                        broker,
                        path,
                        directory.replicaInfos().size(),
                        directory.replicaInfos().values().stream()
                                .mapToLong(replica -> replica.size())
                                .sum(),
                        directory.totalBytes().isPresent()
                                ? directory.totalBytes().getAsLong()
                                : null,
                        directory.usableBytes().isPresent()
                                ? directory.usableBytes().getAsLong()
                                : null,
                        directory.error() == null ? null : directory.error().getMessage()))));
        return directories;
    }

    private <T> List<T> first(List<T> rows) {
        return List.copyOf(rows.subList(0, Math.min(limit, rows.size())));
    }
}
