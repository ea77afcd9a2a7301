package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaErrors;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.name.UnknownName;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListGroupsResult;
import org.apache.kafka.common.GroupState;
import org.jspecify.annotations.Nullable;

/**
 * The groups of the cluster that the policy allows. All brokers are asked at once.
 *
 * <p>Groups of all kinds are requested and filtered here, not by the brokers. So an error can name a group of another kind;
 * and brokers before 3.8 cannot filter by kind.
 */
public final class Groups {

    private final Map<String, GroupListing> byId = new TreeMap<>();
    private final List<MCPToolError> errors;

    private Groups(Iterable<GroupListing> listings, List<MCPToolError> errors) {
        // A group can be listed twice while its coordinator changes.
        listings.forEach(group -> byId.put(group.groupId(), group));
        this.errors = errors;
    }

    /** Requests the groups. Does not wait. */
    public static ListGroupsResult request(AdminSession kafka) {
        return kafka.admin().listGroups(kafka.bounded(new ListGroupsOptions()));
    }

    /**
     * Waits for the answers of the brokers.
     *
     * @throws MCPToolError if no broker answered
     */
    public static Groups await(AdminSession kafka, ListGroupsResult requested) {
        var operation = KafkaOperation.toRead("list the consumer groups", Map.of());
        var listings = kafka.await(requested.valid(), operation);
        List<MCPToolError> errors = kafka.await(requested.errors(), operation).stream()
                .map(error -> KafkaErrors.of(error, operation, kafka.cluster()))
                .toList();
        if (listings.isEmpty() && !errors.isEmpty()) {
            throw errors.get(0);
        }
        var allowed = listings.stream()
                .filter(group -> kafka.permissions().group(group.groupId()))
                .toList();
        return new Groups(allowed, errors);
    }

    /** Requests the groups and waits for them. */
    public static Groups list(AdminSession kafka) {
        return await(kafka, request(kafka));
    }

    /** Returns all groups, sorted by id. */
    public Collection<GroupListing> all() {
        return byId.values();
    }

    /** Returns the ids of the groups that commit offsets, sorted. */
    public List<String> committing() {
        return ids(GroupKind::commits);
    }

    /** Returns the ids of the share groups, sorted. */
    public List<String> sharing() {
        return ids(kind -> kind == GroupKind.SHARE);
    }

    /** Returns the errors of the brokers that did not answer. Their groups are missing. */
    public List<MCPToolError> errors() {
        return errors;
    }

    /** Returns the state of a group, such as {@code Stable} or {@code Empty}; null if the broker does not report it. */
    @Nullable
    public String state(String groupId) {
        GroupListing group = byId.get(groupId);
        return group == null
                ? null
                : group.groupState().map(GroupState::toString).orElse(null);
    }

    /** Returns the kind of a group, or null if the group does not exist. */
    @Nullable
    public GroupKind kind(String groupId) {
        GroupListing group = byId.get(groupId);
        return group == null ? null : GroupKind.of(group);
    }

    /**
     * Returns the kind of a group that consumes topics, such as a consumer group or a share group.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#GROUP_NOT_FOUND} and similar names if the group does not exist; with
     *     {@link StandardErrorCode#INVALID_ARGUMENT} if it does not consume topics
     */
    public GroupKind require(String groupId) {
        GroupKind kind = kind(groupId);
        if (kind != null && kind != GroupKind.OTHER) {
            return kind;
        }
        throw absent(groupId, null);
    }

    /** Returns the error for a group that does not exist or that does not consume topics. */
    MCPToolError absent(String groupId, @Nullable Throwable cause) {
        GroupListing group = byId.get(groupId);
        if (group == null && !errors.isEmpty()) {
            return errors.get(0);
        }
        if (group == null || GroupKind.of(group) != GroupKind.OTHER) {
            return UnknownName.error(
                    KafkaErrorCode.GROUP_NOT_FOUND,
                    "consumer group",
                    "groupId",
                    groupId,
                    ids(kind -> kind != GroupKind.OTHER),
                    cause);
        }
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "Group '" + groupId + "' is a " + group.protocol()
                        + " group, not a consumer group. This tool does not support it.",
                Map.of("groupId", groupId, "kind", group.protocol()),
                cause);
    }

    private List<String> ids(Predicate<GroupKind> wanted) {
        return byId.values().stream()
                .filter(group -> wanted.test(GroupKind.of(group)))
                .map(GroupListing::groupId)
                .toList();
    }
}
