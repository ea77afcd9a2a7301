package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.lag.LagSample.Point;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** The tool {@code explain_lag}: finds the causes of one group's lag and names the tools to call next. */
public final class ExplainLagTool {

    private static final long MINUTE_MS = 60_000;
    private static final double NEAR_RETENTION_FRACTION = 0.8;

    record Arguments(
            @Schema(value = "Group to explain", minLength = 1)
            String groupId,

            @Schema("sample of an earlier explain_lag of this group; adds rates and finds dead members") @Nullable
            String sample) {}

    record Result(
            @Schema("Group id from the arguments") String groupId,

            @Schema("Type of the group: classic, consumer (KIP-848), share or streams")
            String type,

            @Schema("State of the group in Kafka's terms, such as Stable or Empty (no consumers)")
            String state,

            @Schema("Number of running consumers in the group")
            int members,

            @Schema("Unread records on all partitions whose lag is known")
            long lag,

            @Schema("Records per second that producers wrote in the last minute to the partitions that the group"
                    + " consumes; left out if unknown")
            @Nullable
            Double produceRate,

            @Schema("Change since sample; left out without a usable sample") @Nullable
            Trend trend,

            @Schema("Causes found, at least one") List<LagFinding> findings,

            @Schema("This measurement, to pass as sample to a later explain_lag of the group") @Nullable
            String sample,

            @Schema("What could not be read, with the reason") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final LagSampleCodec samples;
    private final Arguments args;
    private final Warnings warnings = new Warnings();

    private ExplainLagTool(AdminSession kafka, LagSampleCodec samples, Arguments args) {
        this.kafka = kafka;
        this.samples = samples;
        this.args = args;
    }

    public static MCPTool tool(AdminHandle handle, LagSampleCodec samples) {
        return MCPTool.builder("explain_lag", Arguments.class, Result.class)
                .title("Explain a group's lag")
                .description("Finds why one group is behind: stopped, rebalancing, dead members, hot partition, hanging"
                        + " transaction, slower than producers, near retention. Gives the evidence for each cause and"
                        + " the tool to call next. Use it once get_consumer_lag or find_lagging_groups shows a lag."
                        + " Call again after some seconds with sample to compare.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> new ExplainLagTool(handle.session(context), samples, args).explain())
                .build();
    }

    private Result explain() {
        kafka.permissions().requireGroup(args.groupId());
        Groups groups = Groups.list(kafka);
        GroupDetails group = GroupDetails.describe(kafka, groups, args.groupId());
        GroupLag measured = measure(groups, group);
        long now = System.currentTimeMillis();
        var sampled = new LagSampler(samples, "explain\n" + args.groupId(), args.sample(), now, warnings::add)
                .take(List.of(measured));
        GroupLag lag = sampled.groups().get(0);
        Map<TopicPartition, PartitionLag> known = new HashMap<>();
        lag.partitions().stream()
                .filter(row -> row.lag() != null && row.endOffset() != null && row.committedOffset() != null)
                .forEach(row -> known.put(row.id(), row));
        Double rate = known.isEmpty() ? null : minuteRate(known, now);
        return new Result(
                args.groupId(),
                group.kind().label(),
                group.state(),
                group.members().size(),
                lag.lag(),
                rate,
                lag.trend(),
                new LagCauses(group, lag)
                        .find(partitionsWithoutProgress(sampled, known), partitionsNearRetention(known, now), rate),
                sampled.sample(),
                warnings.orNull());
    }

    private GroupLag measure(Groups groups, GroupDetails group) {
        var reader = new LagReader(kafka, warnings);
        GroupLag lag = null;
        if (group.kind() == GroupKind.SHARE) {
            List<GroupLag> shared = reader.ofShareGroups(List.of(args.groupId()), groups, topic -> true);
            lag = shared.isEmpty() ? null : shared.get(0);
        } else {
            lag = reader.ofGroup(args.groupId(), groups, LagReader.ALL_BOUNDS);
        }
        return lag != null ? lag : GroupLag.of(args.groupId(), group.state(), group.kind(), List.of());
    }

    private Double minuteRate(Map<TopicPartition, PartitionLag> known, long now) {
        Map<TopicPartition, Long> times = new HashMap<>();
        known.keySet().forEach(partition -> times.put(partition, now - MINUTE_MS));
        long produced = 0;
        var requested = LogOffsets.atTimes(kafka, times);
        for (PartitionLag row : known.values()) {
            // A partition that cannot be read is left out of the rate; its lag already has a reason.
            Long since = requested.await(row.id()).offset();
            if (row.endOffset() != null && since != null && since >= 0) {
                produced += Math.max(0, row.endOffset() - since);
            }
        }
        return Math.round(produced * 100_000.0 / MINUTE_MS) / 100.0;
    }

    /** Returns the partitions with lag whose committed offset has not moved since the sample. */
    private static Set<TopicPartition> partitionsWithoutProgress(
            LagSampler.Sampled sampled, Map<TopicPartition, PartitionLag> known) {
        Set<TopicPartition> stuck = new HashSet<>();
        LagSample sample = sampled.compared();
        if (sample == null || sample.timesMs().size() < 2) {
            return stuck;
        }
        int last = sample.timesMs().size() - 1;
        known.forEach((partition, row) -> {
            List<Point> points = sample.points(LagSampler.series(row));
            Point before = points.get(last - 1);
            Point after = points.get(last);
            if (before.known() && after.known() && after.lag() > 0 && after.committed() == before.committed()) {
                stuck.add(partition);
            }
        });
        return stuck;
    }

    /** Returns the partitions whose oldest unread record is older than 80% of its topic's {@code retention.ms}. */
    private Set<TopicPartition> partitionsNearRetention(Map<TopicPartition, PartitionLag> known, long now) {
        Map<TopicPartition, Long> times = new HashMap<>();
        Set<String> topics = new TreeSet<>();
        known.forEach((partition, row) -> {
            if (row.behind()) {
                topics.add(partition.topic());
            }
        });
        Map<String, Long> retention = retentionMs(topics);
        known.forEach((partition, row) -> {
            Long kept = retention.get(partition.topic());
            if (kept != null && row.behind()) {
                times.put(partition, now - (long) (kept * NEAR_RETENTION_FRACTION));
            }
        });
        Set<TopicPartition> near = new HashSet<>();
        var requested = LogOffsets.atTimes(kafka, times);
        for (TopicPartition partition : times.keySet()) {
            Long offset = requested.await(partition).offset();
            PartitionLag row = known.get(partition);
            if (offset != null
                    && row != null
                    && row.committedOffset() != null
                    && (offset < 0 || offset > row.committedOffset())) {
                near.add(partition);
            }
        }
        return near;
    }

    /**
     * Returns the retention time by topic, in milliseconds; without topics that keep records forever or are unreadable.
     */
    private Map<String, Long> retentionMs(Set<String> topics) {
        Map<String, Long> retention = new HashMap<>();
        if (topics.isEmpty()) {
            return retention;
        }
        var resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        var values = kafka.admin()
                .describeConfigs(resources, kafka.bounded(new DescribeConfigsOptions()))
                .values();
        values.forEach((resource, future) -> {
            try {
                var config = kafka.await(
                        future,
                        KafkaOperation.toRead(
                                "read the configuration of topic '" + resource.name() + "'",
                                Map.of("topic", resource.name()),
                                Access.toTopic(AclOperation.DESCRIBE_CONFIGS, resource.name())));
                var policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
                var kept = config.get(TopicConfig.RETENTION_MS_CONFIG);
                if (policy != null && policy.value().contains(TopicConfig.CLEANUP_POLICY_DELETE) && kept != null) {
                    long ms = Long.parseLong(kept.value());
                    if (ms > 0) {
                        retention.put(resource.name(), ms);
                    }
                }
            } catch (MCPToolError e) {
                if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                    throw e;
                }
                warnings.add(e.getMessage());
            }
        });
        return retention;
    }
}
