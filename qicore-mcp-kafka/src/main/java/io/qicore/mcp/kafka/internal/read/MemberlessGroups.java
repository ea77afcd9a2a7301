package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Groups without members that may be in use nevertheless: consumers that assign partitions themselves, as Flink and Spark do,
 * commit offsets but do not join a group. Kafka shows nothing of them but their commits.
 */
public final class MemberlessGroups {

    /** How long offsets are watched within one call. A consumer that commits less often is not noticed. */
    public static final Duration WATCH = Duration.ofSeconds(1);

    private MemberlessGroups() {}

    /**
     * Reads committed offsets again after {@link #WATCH} and returns the groups whose offsets have changed.
     *
     * @param before the offsets that were read before, by group and partition
     * @return the ids of the groups; a group that cannot be read again is left out
     */
    public static Set<String> moving(AdminSession kafka, Map<String, Map<TopicPartition, Long>> before) {
        Set<String> moving = new TreeSet<>();
        if (before.isEmpty()) {
            return moving;
        }
        kafka.pause(WATCH);
        CommittedOffsets requested = CommittedOffsets.request(kafka, before.keySet(), null);
        before.forEach((groupId, offsets) -> {
            try {
                requested.await(groupId).forEach((partition, commit) -> {
                    Long offset = offsets.get(partition);
                    if (commit != null && offset != null && offset != commit.offset()) {
                        moving.add(groupId);
                    }
                });
            } catch (MCPToolError e) {
                if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                    throw e;
                }
            }
        });
        return moving;
    }

    /**
     * Returns the warning about a change of a group's offsets that a consumer without membership would undo; null if
     * none was seen to commit and consumers of the group have joined it before.
     *
     * @param offsets the committed offsets that change
     * @param watch whether to watch the offsets for a moment
     */
    public static @Nullable String warning(
            AdminSession kafka, GroupDetails group, Map<TopicPartition, Long> offsets, boolean watch) {
        if (!group.kind().commits() || offsets.isEmpty()) {
            return null;
        }
        String groupId = group.groupId();
        if (watch && !moving(kafka, Map.of(groupId, offsets)).isEmpty()) {
            return "The committed offsets of group '" + groupId + "' moved within "
                    + WATCH.toSeconds()
                    + " s although it has no members: a consumer that assigns partitions itself, such"
                    + " as a Flink or Spark job, is running. Stop it first: it does not notice this change, and its next"
                    + " commit overwrites it.";
        }
        if (!group.neverHadMembers()) {
            return null;
        }
        return "Group '" + groupId + "' has never had members: its offsets come from a tool or from a consumer that"
                + " assigns partitions itself, such as a Flink or Spark job. Kafka does not show whether such a consumer"
                + " runs. If one does, its next commit overwrites this change: stop it first, or check a few minutes later"
                + " with get_consumer_lag that the offsets are still the same.";
    }
}
