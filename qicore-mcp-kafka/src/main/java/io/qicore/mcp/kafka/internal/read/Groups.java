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
 * The groups of the cluster that the policy allows, asked of every broker at once.
 *
 * <p>All kinds are listed and told apart here rather than by the brokers, so that a group of another kind can be named
 * in an error, and because brokers before 3.8 cannot filter by kind.
 */
public final class Groups {

    private final Map<String, GroupListing> byId = new TreeMap<>();
    private final List<MCPToolError> errors;

    private Groups(Iterable<GroupListing> listings, List<MCPToolError> errors) {
        // A group whose coordinator moves can be listed twice.
        listings.forEach(group -> byId.put(group.groupId(), group));
        this.errors = errors;
    }

    /** Asks without waiting. */
    public static ListGroupsResult request(AdminSession kafka) {
        return kafka.admin().listGroups(kafka.bounded(new ListGroupsOptions()));
    }

    /**
     * Waits for the brokers.
     *
     * @throws MCPToolError if not one of them answered
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

    /** {@link #request} and {@link #await}. */
    public static Groups list(AdminSession kafka) {
        return await(kafka, request(kafka));
    }

    /** All groups, sorted by id. */
    public Collection<GroupListing> all() {
        return byId.values();
    }

    /** Ids of the groups that commit offsets, sorted. */
    public List<String> committing() {
        return ids(GroupKind::commits);
    }

    /** Ids of the share groups, sorted. */
    public List<String> sharing() {
        return ids(kind -> kind == GroupKind.SHARE);
    }

    /** What brokers that did not answer failed with; their groups are missing here. */
    public List<MCPToolError> errors() {
        return errors;
    }

    /** The group's state in Kafka's words, such as {@code Stable} or {@code Empty}; null if the broker is too old. */
    @Nullable
    public String state(String groupId) {
        GroupListing group = byId.get(groupId);
        return group == null
                ? null
                : group.groupState().map(GroupState::toString).orElse(null);
    }

    /** The group's kind, or null if there is no such group. */
    @Nullable
    public GroupKind kind(String groupId) {
        GroupListing group = byId.get(groupId);
        return group == null ? null : GroupKind.of(group);
    }

    /**
     * The kind of a group that consumes topics, which includes share groups.
     *
     * @throws MCPToolError {@link KafkaErrorCode#GROUP_NOT_FOUND} with the nearest names
     */
    public GroupKind require(String groupId) {
        GroupKind kind = kind(groupId);
        if (kind != null && kind != GroupKind.OTHER) {
            return kind;
        }
        throw absent(groupId, null);
    }

    /** The error that says why a tool for consumer groups does not serve this id. */
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
                        + " group, not a consumer group: this tool does not serve it.",
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
