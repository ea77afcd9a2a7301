package io.qicore.mcp.kafka.internal.cluster;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.DescribeClientQuotasOptions;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code list_quotas}. */
public final class ListQuotasTool {

    private static final String DEFAULT = "<default>";

    record Arguments(
            @Schema(value = "Maximum rows to list", minimum = 1, maximum = 1000, defaultValue = "100")
            int limit) {}

    record Quota(
            @Schema("What the quota limits, by type: user, client-id or ip, and its name; " + DEFAULT
                    + " for all that have no quota of their own")
            Map<String, String> entity,

            @Schema("The limits by name: producer_byte_rate and consumer_byte_rate in bytes per second and broker,"
                    + " request_percentage of the time of threads, controller_mutation_rate and"
                    + " connection_creation_rate per second")
            Map<String, Double> limits) {}

    record Result(
            @Schema("The quotas, sorted by entity") List<Quota> quotas,
            @Schema("The number of all quotas") int count,

            @Schema("true if there are more than the limit; otherwise absent") @Nullable
            Boolean truncated) {}

    private ListQuotasTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("list_quotas", Arguments.class, Result.class)
                .title("List quotas")
                .description(
                        "Lists the quotas that limit clients. Use it if producers or consumers are slow although the"
                                + " brokers are healthy.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> list(handle.session(context), args.limit()))
                .build();
    }

    private static Result list(AdminSession kafka, int limit) {
        Map<ClientQuotaEntity, Map<String, Double>> entities = kafka.await(
                kafka.admin()
                        .describeClientQuotas(ClientQuotaFilter.all(), kafka.bounded(new DescribeClientQuotasOptions()))
                        .entities(),
                KafkaOperation.toRead("list the quotas", Map.of(), Access.toCluster(AclOperation.DESCRIBE_CONFIGS)));
        List<Quota> rows = entities.entrySet().stream()
                .map(entry -> new Quota(names(entry.getKey()), new TreeMap<>(entry.getValue())))
                .sorted(Comparator.comparing(quota -> quota.entity().toString()))
                .toList();
        return new Result(
                rows.subList(0, Math.min(limit, rows.size())), rows.size(), rows.size() > limit ? true : null);
    }

    private static Map<String, String> names(ClientQuotaEntity entity) {
        Map<String, String> names = new TreeMap<>();
        // The name of a default entity is null.
        entity.entries().forEach((type, name) -> names.put(type, name == null ? DEFAULT : name));
        return names;
    }
}
