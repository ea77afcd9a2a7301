package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.DescribeAclsOptions;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code list_acls}. ACLs that differ only in their operation are one row. */
public final class ListAclsTool {

    private static final String ANY_HOST = "*";
    private static final String ANY_NAME = "*";

    record Arguments(
            @Schema("Exact principal, such as User:alice; by default all") @Nullable
            String principal,

            @Schema(
                    value = "By default all",
                    allowed = {"TOPIC", "GROUP", "CLUSTER", "TRANSACTIONAL_ID"})
            @Nullable
            String resourceType,

            @Schema("Exact name, such as orders; also finds ACLs on its prefixes and on *") @Nullable
            String resourceName,

            @Schema(value = "Maximum rows to list", minimum = 1, maximum = 1000, defaultValue = "100")
            int limit) {}

    record Acl(
            @Schema("The principal, such as User:alice; User:* stands for all users")
            String principal,

            @Schema("The type of the resource, such as TOPIC")
            String resourceType,

            @Schema("The name or prefix of the resource; * stands for all names")
            String resourceName,

            @Schema("How resourceName is compared. LITERAL: the whole name, PREFIXED: the start of the name")
            String patternType,

            @Schema("ALLOW or DENY; DENY takes precedence") String permission,

            @Schema("The operations, such as READ; ALL stands for all operations")
            List<String> operations,

            @Schema("The host from which the principal connects; absent for any host") @Nullable
            String host) {}

    record Result(
            @Schema("The ACLs, one row for each principal, resource, permission and host")
            List<Acl> acls,

            @Schema("The number of all rows that match") int count,

            @Schema("true if there are more rows than the limit; otherwise absent") @Nullable
            Boolean truncated) {}

    private ListAclsTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("list_acls", Arguments.class, Result.class)
                .title("List ACLs")
                .description(
                        "Lists ACLs: which principals may or may not do what with which resources. Use it to explain a"
                                + " NOT_AUTHORIZED error.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> list(handle.session(context), args))
                .build();
    }

    private static Result list(AdminSession kafka, Arguments args) {
        List<Acl> acls = rows(bindings(kafka, args).stream()
                .filter(binding -> visible(kafka.permissions(), binding))
                .toList());
        boolean truncated = acls.size() > args.limit();
        return new Result(
                truncated ? acls.subList(0, args.limit()) : acls, acls.size(), truncated ? Boolean.TRUE : null);
    }

    private static Collection<AclBinding> bindings(AdminSession kafka, Arguments args) {
        var filter = new AclBindingFilter(
                new ResourcePatternFilter(
                        args.resourceType() == null ? ResourceType.ANY : ResourceType.valueOf(args.resourceType()),
                        args.resourceName(),
                        args.resourceName() == null ? PatternType.ANY : PatternType.MATCH),
                new AccessControlEntryFilter(args.principal(), null, AclOperation.ANY, AclPermissionType.ANY));
        try {
            return kafka.await(
                    kafka.admin()
                            .describeAcls(filter, kafka.bounded(new DescribeAclsOptions()))
                            .values(),
                    KafkaOperation.toRead("list the ACLs", Map.of(), Access.toCluster(AclOperation.DESCRIBE)));
        } catch (MCPToolError e) {
            throw e.is(KafkaErrorCode.AUTHORIZER_NOT_CONFIGURED) ? withoutAuthorizer(kafka, e) : e;
        }
    }

    /** Returns whether an ACL may be shown. An ACL on a topic or group that is hidden would reveal its name. */
    private static boolean visible(Permissions permissions, AclBinding binding) {
        String name = binding.pattern().name();
        boolean prefix = binding.pattern().patternType() == PatternType.PREFIXED;
        if (!prefix && name.equals(ANY_NAME)) {
            return true;
        }
        return switch (binding.pattern().resourceType()) {
            case TOPIC -> prefix ? permissions.topicPrefix(name) : permissions.topic(name);
            case GROUP -> prefix ? permissions.groupPrefix(name) : permissions.group(name);
            case TRANSACTIONAL_ID -> prefix ? permissions.groupPrefix(name) : permissions.transactionalId(name);
            default -> true;
        };
    }

    private static List<Acl> rows(Collection<AclBinding> bindings) {
        Map<List<String>, TreeSet<String>> operations =
                new TreeMap<>((first, second) -> String.join("\n", first).compareTo(String.join("\n", second)));
        for (AclBinding binding : bindings) {
            List<String> key = Stream.of(
                            binding.pattern().resourceType(),
                            binding.pattern().name(),
                            binding.pattern().patternType(),
                            binding.entry().principal(),
                            binding.entry().permissionType(),
                            binding.entry().host())
                    .map(Object::toString)
                    .toList();
            operations
                    .computeIfAbsent(key, unused -> new TreeSet<>())
                    .add(binding.entry().operation().name());
        }
        return operations.entrySet().stream()
                .map(row -> row(row.getKey(), List.copyOf(row.getValue())))
                .toList();
    }

    private static Acl row(List<String> key, List<String> operations) {
        String host = key.get(5);
        return new Acl(
                key.get(3),
                key.get(0),
                key.get(1),
                key.get(2),
                key.get(4),
                operations,
                host.equals(ANY_HOST) ? null : host);
    }

    private static MCPToolError withoutAuthorizer(AdminSession kafka, MCPToolError cause) {
        return new MCPToolError(
                KafkaErrorCode.AUTHORIZER_NOT_CONFIGURED,
                kafka.cluster()
                        + " does not have an authorizer (authorizer.class.name), so there are no ACLs: everyone who can"
                        + " connect to its brokers may do everything.",
                Map.of(),
                cause);
    }
}
