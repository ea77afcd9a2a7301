package io.qicore.mcp.kafka.internal.explain;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.explain.LagEvidence.Progress;
import io.qicore.mcp.kafka.internal.lag.GroupLag;
import io.qicore.mcp.kafka.internal.lag.LagReader;
import io.qicore.mcp.kafka.internal.lag.LagSample;
import io.qicore.mcp.kafka.internal.lag.LagSampleCodec;
import io.qicore.mcp.kafka.internal.lag.LagSampler;
import io.qicore.mcp.kafka.internal.lag.Trend;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.LogBounds;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bound;
import io.qicore.mcp.kafka.internal.read.OpenTransactions;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code explain_lag}: finds the causes of one group's lag and names the tools to call next. Without a sample it
 * measures the group twice, one second apart.
 */
public final class ExplainLagTool {

    private static final Duration WATCH = Duration.ofSeconds(1);

    /** Of a group with many partitions, the sample follows those with the most lag. */
    private static final int FOLLOWED_PARTITIONS = 15;

    record Arguments(
            @Schema(value = "Group to explain", minLength = 1)
            String groupId,

            @Schema("sample of an earlier explain_lag of this group; adds rates") @Nullable
            String sample) {}

    record Result(
            @Schema("Group id from the arguments") String groupId,

            @Schema("Type of the group: classic, consumer (KIP-848), share or streams; left out if unknown") @Nullable
            String type,

            @Schema("State of the group in Kafka's terms, such as Stable or Empty (no members); left out if unknown")
            @Nullable
            String state,

            @Schema(
                    "Number of members of the group; left out if unknown. Consumers that assign partitions themselves are"
                            + " never members")
            @Nullable
            Integer members,

            @Schema(
                    "Unread offsets on all partitions whose lag is known, including lost ones. As many records, except for"
                            + " gaps of compaction and transactions")
            long lag,

            @Schema("Offsets in lag that were deleted before the group read them; left out if 0") @Nullable
            Long lost,

            @Schema("Number of partitions whose lag is unknown and not in lag; left out if 0") @Nullable
            Integer unknownPartitions,

            @Schema(
                    "Offsets per second that producers wrote to the partitions that the group consumes, since sample or else"
                            + " while the call watched; left out if unknown")
            @Nullable
            Double produceRate,

            @Schema("Change since sample; left out without a usable sample") @Nullable
            Trend trend,

            @Schema("What was found, at least one finding. What explains the most comes first")
            List<LagFinding> findings,

            @Schema("This measurement, to pass as sample to a later explain_lag of the group") @Nullable
            String sample,

            @Schema("What could not be read, with the reason, and record timestamps that disagree with the clock")
            @Nullable
            List<String> warnings) {}

    private final AdminHandle handle;
    private final AdminSession kafka;
    private final LagSampleCodec samples;
    private final Arguments args;
    private final Warnings warnings = new Warnings();
    private final LagReader reader;

    private ExplainLagTool(AdminHandle handle, AdminSession kafka, LagSampleCodec samples, Arguments args) {
        this.handle = handle;
        this.kafka = kafka;
        this.samples = samples;
        this.args = args;
        this.reader = new LagReader(kafka, warnings);
    }

    public static MCPTool tool(AdminHandle handle, LagSampleCodec samples) {
        return MCPTool.builder("explain_lag", Arguments.class, Result.class)
                .title("Explain a group's lag")
                .description("Finds why one group is behind, such as no members, no commits, hot partition, hanging"
                        + " transaction, with the evidence and the tool to call next. Use it once get_consumer_lag or"
                        + " find_lagging_groups shows a lag. Call again after 10 s or more with sample to compare.")
                .annotations(ToolAnnotations.readOnly())
                .handler(
                        (args, context) -> new ExplainLagTool(handle, handle.session(context), samples, args).explain())
                .build();
    }

    private Result explain() {
        kafka.permissions().requireGroup(args.groupId());
        try {
            Groups groups = Groups.list(kafka);
            return explain(groups, GroupDetails.describe(kafka, groups, args.groupId()));
        } catch (MCPToolError e) {
            MCPToolError down =
                    e.is(KafkaErrorCode.BROKER_UNAVAILABLE) ? Groups.coordinatorDown(kafka, args.groupId()) : null;
            if (down == null) {
                throw e;
            }
            return new Result(
                    args.groupId(),
                    null,
                    null,
                    null,
                    0,
                    null,
                    null,
                    null,
                    null,
                    List.of(LagCauses.coordinatorUnavailable(down.getMessage())),
                    null,
                    List.of("lag is unknown, not 0: the offsets of the group cannot be read."));
        }
    }

    private Result explain(Groups groups, GroupDetails group) {
        GroupLag first = measure(groups, group, LagReader.ALL_BOUNDS);
        long start = System.nanoTime();
        long now = System.currentTimeMillis();
        var sampled = new LagSampler(
                        samples,
                        "explain\n" + args.groupId() + kafka.permissions().limits(),
                        args.sample(),
                        now,
                        warnings::add)
                .take(List.of(first), FOLLOWED_PARTITIONS);
        GroupLag lag = sampled.groups().get(0);
        LagSample compared = sampled.compared();
        Progress progress;
        double lastSeconds;
        if (compared != null && compared.timesMs().size() > 1) {
            int last = compared.timesMs().size() - 1;
            progress = Progress.since(compared, lag);
            lastSeconds = (compared.timesMs().get(last) - compared.timesMs().get(last - 1)) / 1000.0;
        } else {
            kafka.pause(WATCH);
            GroupLag second = measure(groups, group, Set.of());
            lastSeconds = (System.nanoTime() - start) / 1e9;
            progress = Progress.between(lag, second, lastSeconds);
        }
        reader.warnOfMissing(List.of());
        var timestamps = new TimestampEvidence(kafka, handle.connection(), warnings);
        timestamps.compareClocks(lag, progress, System.currentTimeMillis(), lastSeconds);
        var evidence = new LagEvidence(
                group,
                lag,
                progress,
                TransactionEvidence.read(kafka, lag, now, warnings),
                OpenTransactions.ended(kafka, MemberFindings.withoutCommits(lag, progress), warnings),
                timestamps.nearRetention(lag, now),
                missingTopics(group),
                unread(group, lag));
        return new Result(
                args.groupId(),
                group.kind().label(),
                group.state(),
                group.members().size(),
                lag.lag(),
                lag.lost() == 0 ? null : lag.lost(),
                lag.unknownPartitions() == 0 ? null : lag.unknownPartitions(),
                produceRate(lag, progress, lastSeconds),
                lag.trend(),
                new LagCauses(evidence).find(),
                sampled.sample(),
                warnings.orNull());
    }

    private GroupLag measure(Groups groups, GroupDetails group, Set<Bound> bounds) {
        GroupLag lag;
        if (group.kind() == GroupKind.SHARE) {
            List<GroupLag> shared = reader.ofShareGroups(List.of(args.groupId()), groups, null);
            lag = shared.isEmpty() ? null : shared.get(0);
        } else {
            lag = reader.ofGroup(group, bounds);
        }
        return lag != null ? lag : GroupLag.of(args.groupId(), group.state(), group.kind(), List.of());
    }

    /** Returns the rate by offsets, because timestamps are what producers make of them. */
    private static @Nullable Double produceRate(GroupLag lag, Progress progress, double seconds) {
        if (lag.trend() != null) {
            return lag.trend().produceRate();
        }
        return progress.partitions().isEmpty() || seconds <= 0
                ? null
                : Double.valueOf(Math.round(progress.produced() / seconds * 100) / 100.0);
    }

    /** Returns the topics that a streams group which is not ready reads and that do not exist. */
    private Set<String> missingTopics(GroupDetails group) {
        if (!group.state().equals("NotReady")) {
            return Set.of();
        }
        Set<String> missing = new TreeSet<>(group.sourceTopics());
        missing.removeIf(topic -> !kafka.permissions().topic(topic));
        warnings.attempt(() -> Topics.describeAll(kafka, Set.copyOf(missing)))
                .ifPresent(existing ->
                        existing.stream().map(TopicDescription::name).forEach(missing::remove));
        return missing;
    }

    /** Returns the offsets of partitions that belong to no member, such as new ones that the consumers have not noticed yet. */
    private Map<TopicPartition, Long> unread(GroupDetails group, GroupLag lag) {
        Set<TopicPartition> read = group.inputs();
        if (group.kind() == GroupKind.SHARE || read.isEmpty()) {
            return Map.of();
        }
        Set<TopicPartition> known = new HashSet<>(read);
        lag.partitions().forEach(row -> known.add(row.id()));
        Set<String> topics = read.stream()
                .map(TopicPartition::topic)
                .filter(kafka.permissions()::topic)
                .collect(Collectors.toSet());
        Set<TopicPartition> others = new HashSet<>();
        for (TopicDescription topic :
                warnings.attempt(() -> Topics.describeAll(kafka, topics)).orElse(List.of())) {
            topic.partitions().forEach(info -> others.add(new TopicPartition(topic.name(), info.partition())));
        }
        others.removeAll(known);
        Map<TopicPartition, Long> unread = new HashMap<>();
        LogBounds.request(kafka, others, Set.of(Bound.START)).await().forEach((partition, log) -> {
            if (log.end() != null && log.start() != null && log.end() > log.start()) {
                unread.put(partition, log.end() - log.start());
            }
        });
        return unread;
    }
}
