package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/** The errors for operations that the ACLs of the cluster do not permit. They name what is missing and how to grant it. */
public final class Denials {

    private static final String UNKNOWN_PRINCIPAL = "User:<principal of this server>";

    private Denials() {}

    /**
     * Requires that the ACLs grant an operation, before a change is planned that the brokers would refuse.
     *
     * @param granted the operations that the brokers report as granted on the resource; null if they do not say
     * @throws MCPToolError with {@link StandardErrorCode#NOT_AUTHORIZED} if the operation is not among them
     */
    public static void require(
            @Nullable Set<AclOperation> granted, Access needed, KafkaOperation operation, KafkaCluster cluster) {
        if (granted != null && !granted.isEmpty() && !granted.contains(needed.operation())) {
            throw missing(needed, operation, cluster);
        }
    }

    /** Returns the error for an operation that lacks an access. */
    public static MCPToolError missing(Access needed, KafkaOperation operation, KafkaCluster cluster) {
        return error(List.of(needed), operation, cluster, null);
    }

    static MCPToolError of(AuthorizationException denied, KafkaOperation operation, KafkaCluster cluster) {
        return error(missing(denied, operation.needs()), operation, cluster, denied);
    }

    private static MCPToolError error(
            List<Access> missing, KafkaOperation operation, KafkaCluster cluster, @Nullable Throwable cause) {
        String principal = cluster.principal() == null ? UNKNOWN_PRINCIPAL : cluster.principal();
        List<String> grants = missing.stream()
                .map(access -> access.grant(principal, cluster.bootstrapServers()))
                .toList();
        Map<String, Object> context = new LinkedHashMap<>(operation.context());
        context.put("missing", missing.stream().map(Access::context).toList());
        if (cluster.principal() != null) {
            context.put("principal", principal);
        }
        context.put("grant", grants);
        return new MCPToolError(
                StandardErrorCode.NOT_AUTHORIZED,
                "The ACLs of the cluster do not allow "
                        + (cluster.principal() == null ? "this server" : "this server's principal " + principal)
                        + " to " + operation.action() + ". It needs "
                        + missing.stream().map(Access::text).collect(Collectors.joining(" and "))
                        + ", which the operator of the cluster can grant: " + String.join("; ", grants),
                context,
                cause);
    }

    /** Returns what the operation needs on resources of the kind that the brokers denied. */
    private static List<Access> missing(AuthorizationException denied, List<Access> needs) {
        if (denied instanceof TopicAuthorizationException topics) {
            return on(ResourceType.TOPIC, needs, topics.unauthorizedTopics());
        }
        if (denied instanceof GroupAuthorizationException group) {
            return on(ResourceType.GROUP, needs, group.groupId() == null ? Set.of() : Set.of(group.groupId()));
        }
        if (denied instanceof TransactionalIdAuthorizationException) {
            return on(ResourceType.TRANSACTIONAL_ID, needs, Set.of());
        }
        List<Access> missing =
                denied instanceof ClusterAuthorizationException ? on(ResourceType.CLUSTER, needs, Set.of()) : List.of();
        return missing.isEmpty() ? needs : missing;
    }

    private static List<Access> on(ResourceType type, List<Access> needs, Collection<String> denied) {
        List<Access> missing = new ArrayList<>();
        for (Access need : needs) {
            if (need.type() == type && (denied.isEmpty() || denied.contains(need.name()))) {
                missing.add(need);
            }
        }
        for (String name : denied) {
            // A broker also denies resources that the operation did not name, such as a topic that metadata needs.
            if (missing.stream().noneMatch(access -> access.name().equals(name))) {
                missing.add(new Access(AclOperation.DESCRIBE, type, name));
            }
        }
        return missing.isEmpty() ? needs : missing;
    }
}
