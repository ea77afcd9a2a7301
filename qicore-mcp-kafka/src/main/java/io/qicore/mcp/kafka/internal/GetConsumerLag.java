package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.LogOffsets.Offset;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code get_consumer_lag}. Four batched Admin calls in two rounds, whatever the number of groups: the topic
 * and all groups, then all committed offsets and all ends.
 *
 * <p>What cannot be known is left out of the totals and said so. The call fails only when nothing can be known.
 */
final class GetConsumerLag {

    private static final int MAX_WARNINGS = 5;

    record Args(
            @Schema(value = "Name of the topic", minLength = 1)
            String topic,

            @Schema("Only this consumer group; by default all that have committed offsets on the topic") @Nullable
            String groupId,

            @Schema(
                    value = "Tell each partition of each group; a named group is always told by partition",
                    defaultValue = "false")
            boolean details,

            @Schema(
                    value = "Most groups to list, those with most lag",
                    minimum = 1,
                    maximum = 1000,
                    defaultValue = "50")
            int maxGroups) {}

    record Result(
            @Schema("Number of records not yet consumed by the named group, else by the group that is worst")
            long lag,

            String topic,
            @Nullable String groupId,

            @Schema("Number of groups that have committed offsets on the topic, listed or not")
            int groupCount,

            @Schema("Most lag first") List<GroupLag> groups,

            @Schema("true when there are more groups than maxGroups") @Nullable
            Boolean truncated,

            @Schema("What could not be read and is missing in the numbers") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final Args args;
    private final List<MCPToolError> failures = new ArrayList<>();

    private GetConsumerLag(AdminSession kafka, Args args) {
        this.kafka = kafka;
        this.args = args;
    }

    static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("get_consumer_lag", Args.class, Result.class)
                .title("Measure consumer lag")
                .description("Measures how many records consumer groups are behind the end of a topic: of all groups,"
                        + " worst first, or of one. lag is 0 if no group consumes the topic.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> new GetConsumerLag(handle.session(context), args).measure())
                .build();
    }

    private Result measure() {
        if (args.groupId() != null) {
            kafka.permissions().requireGroup(args.groupId());
        }
        var requestedTopic = Topics.request(kafka, args.topic());
        var requestedGroups = Groups.request(kafka);
        TopicDescription topic = Topics.await(kafka, requestedTopic, args.topic());
        Groups groups = Groups.await(kafka, requestedGroups);
        failures.addAll(groups.errors());
        if (args.groupId() != null) {
            groups.require(args.groupId());
        }

        var requestedEnds = LogOffsets.request(kafka, topic.name(), topic.partitions(), OffsetSpec.latest());
        List<GroupLag> lags = lags(topic, groups, requestedEnds);
        lags.sort(GroupLag.WORST_FIRST);
        boolean rows = args.details() || args.groupId() != null;
        List<GroupLag> listed = lags.stream()
                .limit(args.maxGroups())
                .map(rows ? Function.identity() : GroupLag::summary)
                .toList();
        return new Result(
                lags.isEmpty() ? 0 : lags.get(0).lag(),
                topic.name(),
                args.groupId(),
                lags.size(),
                listed,
                listed.size() < lags.size() ? true : null,
                warnings());
    }

    private List<GroupLag> lags(TopicDescription topic, Groups groups, LogOffsets requestedEnds) {
        List<String> asked = args.groupId() == null ? groups.committing() : List.of(args.groupId());
        if (asked.isEmpty()) {
            return new ArrayList<>();
        }
        ListConsumerGroupOffsetsResult commits = requestCommits(asked, topic);
        Map<Integer, Offset> ends = ends(requestedEnds);
        List<GroupLag> lags = new ArrayList<>();
        int unreadable = 0;
        for (String groupId : asked) {
            var attempt = Attempt.toRead("read the offsets of group '" + groupId + "'", Map.of("groupId", groupId));
            try {
                var committed = kafka.await(commits.partitionsToOffsetAndMetadata(groupId), attempt);
                var lag = GroupLag.of(groupId, groups.state(groupId), topic.name(), ends, committed);
                // A group that was asked for is told of even when it has nothing to do with the topic.
                if (args.groupId() != null || lag.consumes()) {
                    lags.add(lag);
                }
            } catch (MCPToolError e) {
                unreadable++;
                if (unreadable == asked.size() || e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                    throw e;
                }
                failures.add(e);
            }
        }
        return lags;
    }

    private ListConsumerGroupOffsetsResult requestCommits(List<String> groupIds, TopicDescription topic) {
        List<TopicPartition> partitions = topic.partitions().stream()
                .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                .toList();
        var spec = new ListConsumerGroupOffsetsSpec().topicPartitions(partitions);
        return kafka.admin()
                .listConsumerGroupOffsets(
                        groupIds.stream().collect(Collectors.toMap(Function.identity(), id -> spec)),
                        kafka.bounded(new ListConsumerGroupOffsetsOptions()));
    }

    /** Fails when not one end is known: a lag of 0 would be a lie then. */
    private Map<Integer, Offset> ends(LogOffsets requested) {
        Map<Integer, Offset> ends = requested.await();
        List<MCPToolError> errors = ends.values().stream()
                .map(Offset::error)
                .filter(Objects::nonNull)
                .toList();
        if (!errors.isEmpty() && errors.size() == ends.size()) {
            throw errors.get(0);
        }
        failures.addAll(errors);
        return ends;
    }

    private @Nullable List<String> warnings() {
        if (failures.isEmpty()) {
            return null;
        }
        List<String> warnings = failures.stream()
                .limit(MAX_WARNINGS)
                .map(MCPToolError::getMessage)
                .collect(Collectors.toCollection(ArrayList::new));
        if (failures.size() > MAX_WARNINGS) {
            warnings.add((failures.size() - MAX_WARNINGS) + " more.");
        }
        return warnings;
    }
}
