package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaErrors;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.name.UnknownName;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListGroupsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * The groups of the cluster that the policy allows. All brokers are asked at once.
 *
 * <p>Groups of all kinds are requested and filtered here, not by the brokers. So an error can name a group of another kind;
 * and brokers before 3.8 cannot filter by kind.
 */
public final class Groups {

    private static final Pattern NODE = Pattern.compile("Error listing groups on (\\S+ \\(id: \\d+)");

    private static final Duration ABSENCE_CHECK = Duration.ofSeconds(2);

    private final AdminSession kafka;
    private final Map<String, GroupListing> byId = new TreeMap<>();
    private final GroupCoordinators coordinators;
    private final List<MCPToolError> errors;

    /** The requests for the groups and for their coordinators, which are on their way. */
    public record Requested(ListGroupsResult groups, KafkaFuture<TopicDescription> coordinators) {}

    private Groups(
            AdminSession kafka,
            Iterable<GroupListing> listings,
            GroupCoordinators coordinators,
            List<MCPToolError> errors) {
        this.kafka = kafka;
        // A group can be listed twice while its coordinator changes.
        listings.forEach(group -> byId.put(group.groupId(), group));
        this.coordinators = coordinators;
        this.errors = errors;
    }

    /** Requests the groups. Does not wait. A broker that hangs takes at most half of the time that is left. */
    public static Requested request(AdminSession kafka) {
        var options = kafka.bounded(new ListGroupsOptions(), kafka.remaining().dividedBy(2));
        return new Requested(kafka.admin().listGroups(options), GroupCoordinators.request(kafka));
    }

    /**
     * Waits for the answers of the brokers.
     *
     * @throws MCPToolError if no broker answered
     */
    public static Groups await(AdminSession kafka, Requested requested) {
        var operation =
                KafkaOperation.toRead("list the consumer groups", Map.of(), Access.toCluster(AclOperation.DESCRIBE));
        var listings = kafka.await(requested.groups().valid(), operation);
        List<MCPToolError> errors = new ArrayList<>();
        for (Throwable error : kafka.await(requested.groups().errors(), operation)) {
            errors.add(notListed(kafka, error, operation));
        }
        GroupCoordinators coordinators = GroupCoordinators.await(kafka, requested.coordinators());
        MCPToolError missing = coordinators.missing();
        if (missing != null) {
            errors.add(missing);
        }
        if (listings.isEmpty() && !errors.isEmpty()) {
            throw errors.get(0);
        }
        var allowed = listings.stream()
                .filter(group -> kafka.permissions().group(group.groupId()))
                .toList();
        return new Groups(kafka, allowed, coordinators, List.copyOf(errors));
    }

    private static MCPToolError notListed(AdminSession kafka, Throwable failure, KafkaOperation operation) {
        MCPToolError error = KafkaErrors.of(failure, operation, kafka.cluster());
        Matcher node = NODE.matcher(String.valueOf(failure.getMessage()));
        if (!error.is(KafkaErrorCode.BROKER_UNAVAILABLE) || !node.find()) {
            return error;
        }
        return new MCPToolError(
                KafkaErrorCode.BROKER_UNAVAILABLE,
                "Broker " + node.group(1) + ") did not list its groups in time, so the groups that it coordinates are"
                        + " missing here. Call again when it answers.",
                Map.of(),
                error);
    }

    /** Requests the groups and waits for them. */
    public static Groups list(AdminSession kafka) {
        return await(kafka, request(kafka));
    }

    /** Returns the error for a group that does not have a coordinator; null if it has one, or if that is not known. */
    public static @Nullable MCPToolError coordinatorDown(AdminSession kafka, String groupId) {
        return GroupCoordinators.await(kafka, GroupCoordinators.request(kafka)).down(groupId);
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
     * Returns whether a group has committed offsets, but no consumer has ever joined it, so that the offsets come from
     * consumers that assign partitions themselves or from a tool.
     */
    public boolean neverHadMembers(String groupId) {
        GroupListing group = byId.get(groupId);
        return group != null
                && GroupKind.of(group) == GroupKind.CLASSIC
                && group.protocol().isEmpty();
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
        MCPToolError unknown = group == null ? unknown(groupId) : null;
        if (unknown != null) {
            return unknown;
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

    /** Returns why it is not known whether a group that is not listed exists; null if it does not exist. */
    private @Nullable MCPToolError unknown(String groupId) {
        MCPToolError down = coordinators.down(groupId);
        if (down != null) {
            return down;
        }
        // Brokers leave out the groups that this server may not describe. If one asks for such a group, they say so.
        var options = kafka.bounded(new DescribeConsumerGroupsOptions(), ABSENCE_CHECK);
        var described = kafka.admin()
                .describeConsumerGroups(List.of(groupId), options)
                .describedGroups()
                .get(groupId);
        try {
            kafka.await(Objects.requireNonNull(described), GroupDetails.describing(groupId));
        } catch (MCPToolError e) {
            return e.is(StandardErrorCode.NOT_AUTHORIZED)
                            || e.is(KafkaErrorCode.BROKER_UNAVAILABLE)
                            || e.is(StandardErrorCode.DEADLINE_EXCEEDED)
                    ? e
                    : null;
        }
        return null;
    }

    private List<String> ids(Predicate<GroupKind> wanted) {
        return byId.values().stream()
                .filter(group -> wanted.test(GroupKind.of(group)))
                .map(GroupListing::groupId)
                .toList();
    }
}
