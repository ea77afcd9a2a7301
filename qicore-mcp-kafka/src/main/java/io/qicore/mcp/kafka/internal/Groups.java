package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListGroupsResult;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.jspecify.annotations.Nullable;

/**
 * The groups of the cluster, asked of every broker at once.
 *
 * <p>All kinds are listed and told apart here rather than by the brokers, so that a group of another kind can be named
 * in an error, and because brokers before 3.8 cannot filter by kind.
 */
final class Groups {

    /** Protocols of groups that commit offsets; empty stands for commits without any member. Not {@code connect}. */
    private static final Set<String> COMMITTING = Set.of("", "consumer", "streams");

    private final Map<String, GroupListing> byId = new TreeMap<>();
    private final List<MCPToolError> errors;

    private Groups(Iterable<GroupListing> listings, List<MCPToolError> errors) {
        // A group whose coordinator moves can be listed twice.
        listings.forEach(group -> byId.put(group.groupId(), group));
        this.errors = errors;
    }

    /** Asks without waiting. */
    static ListGroupsResult request(AdminSession kafka) {
        return kafka.admin().listGroups(kafka.bounded(new ListGroupsOptions()));
    }

    /**
     * Waits for the brokers.
     *
     * @throws MCPToolError if not one of them answered
     */
    static Groups await(AdminSession kafka, ListGroupsResult requested) {
        var attempt = Attempt.toRead("list the consumer groups", Map.of());
        var listings = kafka.await(requested.valid(), attempt);
        List<MCPToolError> errors = kafka.await(requested.errors(), attempt).stream()
                .map(error -> KafkaErrors.of(error, attempt, kafka.cluster()))
                .toList();
        if (listings.isEmpty() && !errors.isEmpty()) {
            throw errors.get(0);
        }
        return new Groups(
                listings.stream()
                        .filter(group -> kafka.permissions().group(group.groupId()))
                        .toList(),
                errors);
    }

    /** Ids of the groups that commit offsets, sorted. */
    List<String> committing() {
        return byId.values().stream()
                .filter(Groups::commits)
                .map(GroupListing::groupId)
                .toList();
    }

    /** What brokers that did not answer failed with; their groups are missing here. */
    List<MCPToolError> errors() {
        return errors;
    }

    /** The group's state in Kafka's words, such as {@code Stable} or {@code Empty}; null if the broker is too old. */
    @Nullable
    String state(String groupId) {
        GroupListing group = byId.get(groupId);
        return group == null
                ? null
                : group.groupState().map(GroupState::toString).orElse(null);
    }

    /**
     * Checks that there is a group whose offsets are commits.
     *
     * @throws MCPToolError {@link KafkaErrorCode#GROUP_NOT_FOUND} with the nearest names
     */
    void require(String groupId) {
        GroupListing group = byId.get(groupId);
        if (group != null && commits(group)) {
            return;
        }
        throw absent(groupId, null);
    }

    /** The error that says why a tool for consumer groups does not serve this id. */
    MCPToolError absent(String groupId, @Nullable Throwable cause) {
        GroupListing group = byId.get(groupId);
        if (group == null && !errors.isEmpty()) {
            return errors.get(0);
        }
        String kind = group == null ? "consumer" : kind(group);
        if (kind.equals("consumer")) {
            return Unknown.error(
                    KafkaErrorCode.GROUP_NOT_FOUND, "consumer group", "groupId", groupId, committing(), cause);
        }
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "Group '" + groupId + "' is a " + kind + " group, not a consumer group: this tool does not serve it.",
                Map.of("groupId", groupId, "kind", kind),
                cause);
    }

    private static String kind(GroupListing group) {
        GroupType type = group.type().orElse(GroupType.CLASSIC);
        if (type == GroupType.SHARE || type == GroupType.STREAMS) {
            return type.toString().toLowerCase(Locale.ROOT);
        }
        return group.protocol().isEmpty() ? "consumer" : group.protocol();
    }

    private static boolean commits(GroupListing group) {
        return group.type().orElse(GroupType.CLASSIC) != GroupType.SHARE && COMMITTING.contains(group.protocol());
    }
}
