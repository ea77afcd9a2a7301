package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bound;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code get_consumer_lag}: measures the lag on a topic, of a group, or of all groups, with a constant number
 * of batched Admin calls.
 *
 * <p>A partition whose lag cannot be read is left out of the totals, and the result says so. The call fails only if
 * nothing can be read.
 */
public final class GetConsumerLagTool {

    /** A named group with up to this number of partitions is listed with all of them. */
    private static final int FEW_PARTITIONS = 10;

    /** Number of partitions listed of a named group with more, unless the call asks for details. */
    private static final int WORST_PARTITIONS = 5;

    public record Arguments(
            @Schema("Topic to measure. Default: all") @Nullable
            String topic,

            @Schema("Group to measure. Default: all") @Nullable
            String groupId,

            @Schema(
                    value = "List all partitions (default: the worst of a named group, else none) and lagToStable",
                    defaultValue = "false")
            boolean details,

            @Schema(value = "Also read the age of the oldest unread record of the first group", defaultValue = "false")
            boolean age,

            @Schema(value = "Maximum number of groups", minimum = 1, maximum = 1000, defaultValue = "50")
            int maxGroups,

            @Schema("sample of an earlier result for the same topic and groupId; adds trend") @Nullable
            String sample) {

        /** Returns the arguments that measure one group, with the defaults for everything else. */
        public static Arguments ofGroup(String groupId) {
            return new Arguments(null, groupId, false, false, 1, null);
        }
    }

    record Result(
            @Schema("Unread offsets of the first group in groups, which is the named one or the one with the most lag;"
                    + " 0 if no group consumes")
            long lag,

            @Schema("Topic from the arguments") @Nullable String topic,

            @Schema("Group id from the arguments") @Nullable String groupId,

            @Schema("Number of groups found, including those not listed because of maxGroups")
            int groupCount,

            @Schema("Groups with their lag, largest lag first")
            List<GroupLagRow> groups,

            @Schema("true if there are more groups than listed") @Nullable
            Boolean truncated,

            @Schema("This measurement, to pass as sample to a later call with the same topic and groupId") @Nullable
            String sample,

            @Schema("What could not be read, with the reason, and lag that is unknown; it is not in the totals")
            @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final AdminHandle handle;
    private final LagSampleCodec samples;
    private final Arguments args;
    private final Warnings warnings = new Warnings();
    private final LagReader reader;
    private @Nullable Groups listed;

    private GetConsumerLagTool(AdminHandle handle, LagSampleCodec samples, AdminSession kafka, Arguments args) {
        this.handle = handle;
        this.samples = samples;
        this.kafka = kafka;
        this.args = args;
        this.reader = new LagReader(kafka, warnings);
    }

    public static MCPTool tool(AdminHandle handle, LagSampleCodec samples) {
        return MCPTool.builder("get_consumer_lag", Arguments.class, Result.class)
                .title("Measure consumer lag")
                .description(
                        "Measures how many offsets consumer, share and streams groups have not read yet: on a topic, of"
                                + " a group, or of all groups, largest lag first. lag is 0 if no group consumes. With"
                                + " thousands of groups use find_lagging_groups; for causes use explain_lag. Example:"
                                + " {\"groupId\": \"billing\", \"topic\": \"orders\"}")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> measure(handle, samples, context, args))
                .build();
    }

    public static Result measure(AdminHandle handle, LagSampleCodec samples, RequestContext context, Arguments args) {
        return new GetConsumerLagTool(handle, samples, handle.session(context), args).measure();
    }

    private Result measure() {
        if (args.groupId() != null) {
            kafka.permissions().requireGroup(args.groupId());
        }
        if (args.topic() != null) {
            return onTopic(args.topic());
        }
        if (args.groupId() != null) {
            return answer(List.of(ofGroup(args.groupId())), 1, false);
        }
        var groups = groups();
        var found = new LagScan(kafka, reader, args.maxGroups(), 0, bounds()).scan(groups, null);
        reader.warnOfMissing(List.of());
        if (found.cursor() != null) {
            warnings.add("The time ran out after " + found.scanned()
                    + " groups. The remaining groups are not in these numbers. To look at them, call"
                    + " find_lagging_groups with cursor " + found.cursor() + ".");
        }
        return answer(found.groups(), found.lagging(), found.cursor() != null);
    }

    private Result onTopic(String name) {
        var requestedTopic = Topics.request(kafka, name);
        var requestedGroups = Groups.request(kafka);
        TopicDescription topic;
        try {
            topic = Topics.await(kafka, requestedTopic, name);
        } catch (MCPToolError e) {
            GroupLag left = e.is(KafkaErrorCode.TOPIC_NOT_FOUND) ? offsetsOnDeletedTopic(name) : null;
            if (left == null) {
                throw e;
            }
            return answer(List.of(left), 1, false);
        }
        Groups groups = Groups.await(kafka, requestedGroups);
        groups.errors().forEach(error -> warnings.add(error.getMessage()));
        List<String> committing = groups.committing();
        List<String> sharing = groups.sharing();
        if (args.groupId() != null) {
            boolean share = groups.require(args.groupId()) == GroupKind.SHARE;
            committing = share ? List.of() : List.of(args.groupId());
            sharing = share ? List.of(args.groupId()) : List.of();
        }
        List<GroupLag> lags = new ArrayList<>();
        if (!committing.isEmpty()) {
            lags.addAll(reader.onTopic(topic, committing, groups, args.groupId() != null));
        }
        lags.addAll(reader.ofShareGroups(sharing, groups, name));
        lags.sort(GroupLag.WORST_FIRST);
        reader.warnOfMissing(lags);
        return answer(lags, lags.size(), false);
    }

    /**
     * Returns the offsets that the named group still has on a deleted topic; null if there are none or no group is
     * named.
     */
    private @Nullable GroupLag offsetsOnDeletedTopic(String topic) {
        if (args.groupId() == null) {
            return null;
        }
        GroupLag lag = reader.ofGroup(args.groupId(), null, this::groups, Set.of());
        List<PartitionLag> rows = lag == null
                ? List.of()
                : lag.partitions().stream()
                        .filter(row -> topic.equals(row.id().topic()))
                        .toList();
        return rows.isEmpty() ? null : GroupLag.of(args.groupId(), null, null, rows);
    }

    private GroupLag ofGroup(String groupId) {
        boolean whole = args.details() || args.sample() != null;
        Groups groups = whole ? groups() : null;

        GroupKind kind = groups == null ? null : groups.kind(groupId);
        GroupLag lag = kind == GroupKind.SHARE ? null : reader.ofGroup(groupId, groups, this::groups, bounds());
        Groups known = lag == null ? groups() : null;
        if (known != null && known.require(groupId) == GroupKind.SHARE) {
            List<GroupLag> shared = reader.ofShareGroups(List.of(groupId), known, null);
            lag = shared.isEmpty() ? null : shared.get(0);
        }
        if (lag != null) {
            reader.warnOfMissing(List.of(lag));
            return lag;
        }
        known = groups();
        reader.warnOfMissing(List.of());
        warnings.add("The group has not committed any offset"
                + (reader.hidden() ? " on other topics" : " yet, and no partition is assigned to a member of it")
                + ".");
        return GroupLag.of(groupId, known.state(groupId), known.require(groupId), List.of());
    }

    /** Returns what to read beside the end offsets. All are requested at once. */
    private Set<Bound> bounds() {
        return args.details() ? LagReader.ALL_BOUNDS : LagReader.WITH_START;
    }

    /** Lists the groups, once in a call. */
    private Groups groups() {
        if (listed == null) {
            listed = Groups.list(kafka);
            listed.errors().forEach(error -> warnings.add(error.getMessage()));
        }
        return listed;
    }

    private Result answer(List<GroupLag> lags, int count, boolean more) {
        List<GroupLag> listed =
                new ArrayList<>(lags.stream().limit(args.maxGroups()).toList());
        if (args.age() && !listed.isEmpty()) {
            listed.set(0, new RecordAges(handle.connection(), kafka, warnings).fill(listed.get(0)));
        }
        String scope = Objects.requireNonNullElse(args.topic(), "")
                + '\n'
                + Objects.requireNonNullElse(args.groupId(), "")
                + kafka.permissions().limits();
        var sampled = new LagSampler(samples, scope, args.sample(), System.currentTimeMillis(), warnings::add)
                .take(listed, 0);
        boolean topicKnown = args.topic() != null;
        return new Result(
                lags.isEmpty() ? 0 : lags.get(0).lag(),
                args.topic(),
                args.groupId(),
                count,
                sampled.groups().stream().map(lag -> row(lag, topicKnown)).toList(),
                more || listed.size() < count ? true : null,
                sampled.sample(),
                warnings.orNull());
    }

    private GroupLagRow row(GroupLag lag, boolean topicKnown) {
        if (args.details()) {
            return GroupLagRow.worst(lag, Integer.MAX_VALUE, topicKnown);
        }
        if (args.groupId() == null) {
            return GroupLagRow.summary(lag);
        }
        int listed = lag.partitions().size() <= FEW_PARTITIONS ? FEW_PARTITIONS : WORST_PARTITIONS;
        return GroupLagRow.worst(lag, listed, topicKnown);
    }
}
