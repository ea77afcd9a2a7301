package io.qicore.mcp.kafka.internal.cluster;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.cluster.PartitionHealth.Problem;
import io.qicore.mcp.kafka.internal.read.LogDirs;
import io.qicore.mcp.kafka.internal.read.TopicConfigs;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeMetadataQuorumOptions;
import org.apache.kafka.clients.admin.DescribeMetadataQuorumResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tool {@code get_cluster_health}. A call sends a few requests and two to each broker, whatever the number of
 * topics. Everything is asked at the same time and with a bound of its own, so that the tool also answers while a broker hangs
 * or the controller quorum is lost. What did not answer is the finding then.
 *
 * <p>{@code min.insync.replicas} is read only for the topics where it can matter, because Kafka always returns all of the
 * about thirty settings of a topic.
 */
public final class GetClusterHealthTool {

    private static final String MIN_ISR = "min.insync.replicas";

    private static final Duration MAX_STEP = Duration.ofSeconds(4);

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
                    "OK; DEGRADED: replicas or brokers are missing, or something did not answer; CRITICAL: some data cannot"
                            + " be read or written, a log directory is offline, or the controller quorum does not answer")
            String status,

            @Schema("What did not answer in time, which is a finding about the cluster; absent if everything answered")
            @Nullable
            List<String> unanswered,

            @Schema("The id of the cluster; absent if it could not be read") @Nullable
            String clusterId,

            @Schema("The id of the active controller; absent if it could not be determined") @Nullable
            Integer controller,

            @Schema("The ids of the live brokers") List<Integer> brokers,

            @Schema("The ids of brokers that hold replicas but are not live")
            List<Integer> missingBrokers,

            @Schema("The ids of live brokers that did not answer, such as brokers that hang; absent if all answered")
            @Nullable
            List<Integer> unresponsiveBrokers,

            @Schema("The number of topics that this server may see, with internal topics; absent, like all numbers of"
                    + " partitions, if the topics could not be read")
            @Nullable
            Integer topics,

            @Schema("The number of their partitions") @Nullable
            Integer partitions,

            @Schema("The number of partitions without a leader: they can be neither read nor written") @Nullable
            Integer offline,

            @Schema(
                    "The number of partitions with fewer in-sync replicas than min.insync.replicas: writes with acks=all"
                            + " fail")
            @Nullable
            Integer underMinIsr,

            @Schema("The number of all partitions with a replica that is not in sync, with those that are also counted"
                    + " as offline or underMinIsr")
            @Nullable
            Integer underReplicated,

            @Schema("The partitions with a problem, the worst first")
            List<PartitionHealth.Row> problems,

            @Schema("The log directories of the brokers") List<LogDir> logDirs,

            @Schema("true if problems or logDirs has more entries than the limit; otherwise absent") @Nullable
            Boolean truncated,

            @Schema("Messages about data that could not be read; the result is incomplete without it") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final int limit;
    private final Duration step;
    private final Warnings warnings = new Warnings();
    private final Unanswered unanswered = new Unanswered(warnings);

    private GetClusterHealthTool(AdminSession kafka, int limit) {
        this.kafka = kafka;
        this.limit = limit;
        Duration part = kafka.remaining().dividedBy(5);
        this.step = part.compareTo(MAX_STEP) < 0 ? part : MAX_STEP;
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
        var cluster = kafka.admin().describeCluster(kafka.bounded(new DescribeClusterOptions(), step));
        var quorum = describeQuorum();
        var listed = listTopics();
        Optional<Set<Integer>> live = unanswered.ask(
                "The brokers did not tell which of them are live within " + seconds(),
                () -> ids(twice(() -> kafka.await(cluster.nodes(), reading), () -> describedNodes(reading))));
        Optional<Set<String>> names = unanswered.ask(
                "The brokers did not list the topics within " + seconds(),
                () -> twice(() -> Topics.await(kafka, listed), () -> Topics.await(kafka, listTopics())));
        if (live.isEmpty() && names.isEmpty() && unanswered.first() != null) {
            throw unanswered.first();
        }
        Set<Integer> brokers = live.orElse(Set.of());
        LogDirs logs = LogDirs.request(kafka, brokers, step);
        Optional<List<TopicDescription>> described = names.flatMap(all -> unanswered.ask(
                "The brokers did not describe the topics in time", () -> Topics.describeAll(kafka, all)));
        List<TopicDescription> topics = described.orElse(List.of());
        Set<Integer> silent = new TreeSet<>();
        List<LogDir> directories = directories(brokers, logs, silent);
        int findings = unanswered.findings().size();
        Optional<Integer> controller = unanswered.ask(
                "The controller quorum did not answer within " + seconds()
                        + ": until it does, no topic can be changed and no partition gets a new leader",
                () -> twice(() -> controller(quorum), () -> controller(describeQuorum())));
        boolean withoutController = unanswered.findings().size() > findings;
        List<PartitionHealth.Row> problems = PartitionHealth.rows(topics, minIsr(topics));
        Set<Integer> missing = live.isEmpty() ? Set.of() : missing(topics, brokers);
        return result(
                new Cluster(id(cluster, reading), controller.orElse(null), withoutController, brokers, missing, silent),
                described.isPresent() ? topics : null,
                problems,
                directories);
    }

    /** What was found out about the brokers. */
    private record Cluster(
            @Nullable String id,
            @Nullable Integer controller,
            boolean withoutController,
            Set<Integer> brokers,
            Set<Integer> missing,
            Set<Integer> silent) {}

    private Result result(
            Cluster cluster,
            @Nullable List<TopicDescription> topics,
            List<PartitionHealth.Row> problems,
            List<LogDir> directories) {
        List<TopicPartitionInfo> partitions = topics == null
                ? List.of()
                : topics.stream().flatMap(topic -> topic.partitions().stream()).toList();
        int offline = (int) PartitionHealth.count(problems, Problem.OFFLINE);
        int underMinIsr = (int) PartitionHealth.count(problems, Problem.UNDER_MIN_ISR);
        boolean ledBySilent = partitions.stream()
                .map(Topics::leader)
                .anyMatch(leader -> leader != null && cluster.silent().contains(leader.id()));
        boolean critical = offline + underMinIsr > 0
                || directories.stream().anyMatch(directory -> directory.error() != null)
                || ledBySilent
                || cluster.withoutController();
        boolean degraded = !problems.isEmpty()
                || !cluster.missing().isEmpty()
                || !unanswered.findings().isEmpty();
        return new Result(
                critical ? "CRITICAL" : degraded ? "DEGRADED" : "OK",
                unanswered.findings().isEmpty() ? null : unanswered.findings(),
                cluster.id(),
                cluster.controller(),
                List.copyOf(cluster.brokers()),
                List.copyOf(cluster.missing()),
                cluster.silent().isEmpty() ? null : List.copyOf(cluster.silent()),
                topics == null ? null : topics.size(),
                topics == null ? null : partitions.size(),
                topics == null ? null : offline,
                topics == null ? null : underMinIsr,
                topics == null
                        ? null
                        : (int) partitions.stream()
                                .filter(PartitionHealth::underReplicated)
                                .count(),
                first(problems),
                first(directories),
                problems.size() > limit || directories.size() > limit ? true : null,
                warnings.orNull());
    }

    private DescribeMetadataQuorumResult describeQuorum() {
        return kafka.admin().describeMetadataQuorum(kafka.bounded(new DescribeMetadataQuorumOptions(), step));
    }

    private KafkaFuture<Set<String>> listTopics() {
        return kafka.admin()
                .listTopics(kafka.bounded(new ListTopicsOptions().listInternal(true), step))
                .names();
    }

    private Collection<Node> describedNodes(KafkaOperation reading) {
        return kafka.await(
                kafka.admin()
                        .describeCluster(kafka.bounded(new DescribeClusterOptions(), step))
                        .nodes(),
                reading);
    }

    private @Nullable String id(DescribeClusterResult cluster, KafkaOperation reading) {
        // An answer to the nodes is one to this, too; if there was none, it has been reported.
        return new Warnings()
                .attempt(() -> kafka.await(cluster.clusterId(), reading))
                .orElse(null);
    }

    private @Nullable Integer controller(DescribeMetadataQuorumResult quorum) {
        var operation = KafkaOperation.toRead("find the controller", Map.of(), Access.toCluster(AclOperation.DESCRIBE));
        int leader = kafka.await(quorum.quorumInfo(), operation).leaderId();
        return leader < 0 ? null : leader;
    }

    /**
     * Asks again if there was no answer. The client picks any broker for such a question, and one that hangs only the first
     * time.
     */
    private static <T extends @Nullable Object> T twice(Supplier<T> first, Supplier<T> second) {
        try {
            return first.get();
        } catch (MCPToolError e) {
            if (!e.is(KafkaErrorCode.BROKER_UNAVAILABLE)) {
                throw e;
            }
            return second.get();
        }
    }

    private static Set<Integer> ids(Collection<Node> nodes) {
        Set<Integer> ids = new TreeSet<>();
        nodes.forEach(node -> ids.add(node.id()));
        return ids;
    }

    private String seconds() {
        return Math.max(1, Math.round(step.toMillis() / 100.0)) / 10.0 + " s";
    }

    private Map<String, Integer> minIsr(List<TopicDescription> topics) {
        Set<String> suspects = PartitionHealth.suspects(topics);
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

    private List<LogDir> directories(Set<Integer> brokers, LogDirs logs, Set<Integer> silent) {
        List<LogDir> directories = new ArrayList<>();
        for (int broker : brokers) {
            int findings = unanswered.findings().size();
            unanswered
                    .ask(
                            "Broker " + broker + " is registered as live and did not answer within " + seconds()
                                    + ": it hangs, is overloaded, or cannot be reached from here",
                            () -> logs.await(broker))
                    .ifPresent(paths ->
                            paths.forEach((path, directory) -> directories.add(directory(broker, path, directory))));
            if (unanswered.findings().size() > findings) {
                silent.add(broker);
            }
        }
        return directories;
    }

    private static LogDir directory(int broker, String path, LogDirDescription directory) {
        return new LogDir(
                broker,
                path,
                directory.replicaInfos().size(),
                directory.replicaInfos().values().stream()
                        .mapToLong(replica -> replica.size())
                        .sum(),
                directory.totalBytes().isPresent() ? directory.totalBytes().getAsLong() : null,
                directory.usableBytes().isPresent() ? directory.usableBytes().getAsLong() : null,
                directory.error() == null ? null : directory.error().getMessage());
    }

    private <T> List<T> first(List<T> rows) {
        return List.copyOf(rows.subList(0, Math.min(limit, rows.size())));
    }
}
