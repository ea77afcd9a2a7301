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
 * The tool {@code get_consumer_lag}: of a topic, of a group, or of all groups, in a constant number of batched Admin
 * calls.
 *
 * <p>What cannot be known is left out of the totals and said so. The call fails only when nothing can be known.
 */
public final class GetConsumerLagTool {

    /** So many partitions of a named group are listed all. */
    private static final int FEW_PARTITIONS = 10;

    /** Of more, only so many are listed unless details are asked for. */
    private static final int WORST_PARTITIONS = 5;

    public record Arguments(
            @Nullable String topic,

            @Nullable String groupId,

            @Schema(
                    value = "All partitions, not only the worst, and what was deleted unread, which of a group of more"
                            + " than 10 partitions nothing else here tells",
                    defaultValue = "false")
            boolean details,

            @Schema(
                    value = "Also the age of the oldest unread records of the named or worst group",
                    defaultValue = "false")
            boolean age,

            @Schema(minimum = 1, maximum = 1000, defaultValue = "50")
            int maxGroups,

            @Schema("Of an earlier answer to the same question; adds rates and a verdict") @Nullable
            String sample) {

        /** Of one group, as the tool answers unless told more. */
        public static Arguments ofGroup(String groupId) {
            return new Arguments(null, groupId, false, false, 1, null);
        }
    }

    record Result(
            @Schema("Records unread by the named or worst group")
            long lag,

            @Nullable String topic,
            @Nullable String groupId,

            @Schema("Listed or not") int groupCount,

            @Schema("Most lag first") List<GroupLagRow> groups,

            @Schema("There are more groups") @Nullable Boolean truncated,

            @Schema("For a later call") @Nullable String sample,

            @Nullable List<String> warnings) {}

    private final AdminSession kafka;
    private final AdminHandle handle;
    private final LagSampleCodec samples;
    private final Arguments args;
    private final Warnings warnings = new Warnings();
    private final LagReader reader;

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
                .description("Measures how many records consumer, share and streams groups are behind: on a topic, of a"
                        + " group, or of all groups, worst first. lag is 0 if no group consumes.")
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
        if (found.cursor() != null) {
            warnings.add("The time was up after " + found.scanned()
                    + " groups; the others are not in these numbers. find_lagging_groups goes on with cursor "
                    + found.cursor() + ".");
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
            GroupLag left = e.is(KafkaErrorCode.TOPIC_NOT_FOUND) ? leftOver(name) : null;
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
        lags.addAll(reader.shared(sharing, groups, name::equals));
        lags.sort(GroupLag.WORST_FIRST);
        return answer(lags, lags.size(), false);
    }

    /** What a group has committed on a topic that is gone; null if nothing, or no group was named. */
    private @Nullable GroupLag leftOver(String topic) {
        if (args.groupId() == null) {
            return null;
        }
        GroupLag lag = reader.ofGroup(args.groupId(), null, Set.of());
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
        GroupLag lag = kind == GroupKind.SHARE ? null : reader.ofGroup(groupId, groups, bounds());
        if (lag != null) {
            // What has expired costs one more call: of a large group only with details.
            return whole || lag.partitions().size() > FEW_PARTITIONS ? lag : reader.refined(lag);
        }
        Groups known = groups == null ? groups() : groups;
        if (known.require(groupId) == GroupKind.SHARE) {
            List<GroupLag> shared = reader.shared(List.of(groupId), known, topic -> true);
            if (!shared.isEmpty()) {
                return shared.get(0);
            }
        }
        warnings.add("The group has committed nothing yet.");
        return GroupLag.of(groupId, known.state(groupId), known.require(groupId), List.of());
    }

    /** Where logs start and how far they are stable costs a call each. */
    private Set<Bound> bounds() {
        return args.details() ? LagReader.ALL_BOUNDS : Set.of();
    }

    private Groups groups() {
        Groups groups = Groups.list(kafka);
        groups.errors().forEach(error -> warnings.add(error.getMessage()));
        return groups;
    }

    private Result answer(List<GroupLag> lags, int count, boolean more) {
        List<GroupLag> listed =
                new ArrayList<>(lags.stream().limit(args.maxGroups()).toList());
        if (args.age() && !listed.isEmpty()) {
            listed.set(0, new RecordAges(handle.connection(), kafka, warnings).fill(listed.get(0)));
        }
        String scope =
                Objects.requireNonNullElse(args.topic(), "") + '\n' + Objects.requireNonNullElse(args.groupId(), "");
        var sampled =
                new LagSampler(samples, scope, args.sample(), System.currentTimeMillis(), warnings::add).take(listed);
        boolean topicKnown = args.topic() != null;
        return new Result(
                lags.isEmpty() ? 0 : lags.get(0).lag(),
                args.topic(),
                args.groupId(),
                count,
                sampled.groups().stream().map(lag -> shown(lag, topicKnown)).toList(),
                more || listed.size() < count ? true : null,
                sampled.sample(),
                warnings.orNull());
    }

    private GroupLagRow shown(GroupLag lag, boolean topicKnown) {
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
