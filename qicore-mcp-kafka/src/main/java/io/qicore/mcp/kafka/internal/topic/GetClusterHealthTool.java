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
 * Makes the tool {@code get_cluster_health}. A call sends at most six requests and one to each broker, whatever the number
 * of topics.
 *
 * <p>{@code min.insync.replicas} is read only for the topics where it can matter, because Kafka always returns all of the
 * about thirty settings of a topic.
 */
public final class GetClusterHealthTool {

    private static final String MIN_ISR = "min.insync.replicas";

    record Arguments(
            @Schema(
                    value = "Maximum length of problems and of logDirs",
                    minimum = 1,
                    maximum = 1000,
                    defaultValue = "20")
            int limit) {}

    record LogDir(
            @Schema("The id of the broker") int broker,

            @Schema("The path of the directory on the broker")
            String path,

            @Schema("The number of partition replicas in it")
            int replicas,

            @Schema("The size of these replicas in bytes") long usedBytes,

            @Schema("The size of its volume in bytes; absent if the broker does not report it") @Nullable
            Long totalBytes,

            @Schema("The free space of its volume in bytes; absent if the broker does not report it") @Nullable
            Long usableBytes,

            @Schema("Why the directory is offline; absent if it is online") @Nullable
            String error) {}

    record Result(
            @Schema(
                    "OK; DEGRADED: replicas or brokers are missing; CRITICAL: some data cannot be read or written, or a log"
                            + " directory is offline")
            String status,

            @Schema("The id of the cluster") String clusterId,

            @Schema("The id of the active controller; absent if it could not be determined") @Nullable
            Integer controller,

            @Schema("The ids of the live brokers") List<Integer> brokers,

            @Schema("The ids of brokers that hold replicas but are not live")
            List<Integer> missingBrokers,

            @Schema("The number of topics, with internal topics")
            int topics,

            @Schema("The number of their partitions") int partitions,

            @Schema("The number of partitions without a leader: they can be neither read nor written")
            int offline,

            @Schema(
                    "The number of partitions with fewer in-sync replicas than min.insync.replicas: writes with acks=all"
                            + " fail")
            int underMinIsr,

            @Schema("The number of all partitions with a replica that is not in sync, with those that are also counted"
                    + " as offline or underMinIsr")
            int underReplicated,

            @Schema("The partitions with a problem, the worst first")
            List<PartitionHealth.Row> problems,

            @Schema("The log directories of the brokers") List<LogDir> logDirs,

            @Schema("true if problems or logDirs has more entries than the limit; otherwise absent") @Nullable
            Boolean truncated,

            @Schema("Messages about data that could not be read; the result is incomplete without it") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final int limit;
    private final Warnings warnings = new Warnings();

    private GetClusterHealthTool(AdminSession kafka, int limit) {
        this.kafka = kafka;
        this.limit = limit;
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("get_cluster_health", Arguments.class, Result.class)
                .title("Check cluster health")
                .description(
                        "Checks the cluster for missing brokers, partitions without a leader or with too few in-sync"
                                + " replicas, and offline log directories; reports disk space. Start here if something is"
                                + " wrong.")
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

    /** Returns {@code min.insync.replicas} by topic, for the topics that could have fewer in-sync replicas. */
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
