package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.Policies;
import io.qicore.mcp.timescale.internal.catalog.Policy;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;

/** {@code remove_policy}: removes a policy and leaves the data as it is. */
public final class RemovePolicyTool {

    record Arguments(
            @Schema("Hypertable or continuous aggregate") String table,

            @Schema(
                    value = "Kind of policy",
                    allowed = {PolicySql.COLUMNSTORE, PolicySql.RETENTION, PolicySql.REFRESH})
            String type) {}

    record Result(
            @Schema("True unless the call failed") boolean success,
            @Schema("The policy that was removed") Policy policy) {}

    private final Database database;

    private RemovePolicyTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("remove_policy", Arguments.class, Result.class)
                .title("Remove policy")
                .description("Removes a policy that add_policy added. Data that was moved or refreshed stays as it is.")
                .annotations(ToolAnnotations.destructive())
                .handler(new RemovePolicyTool(database)::remove)
                .build();
    }

    private Result remove(Arguments arguments, RequestContext context) {
        return database.write(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.POLICIES);
            Hypertable hypertable = new Privileges(session).requireOwnedHypertable(arguments.table());
            List<Policy> policies = new Policies(session).of(hypertable.table());
            Policy policy = policies.stream()
                    .filter(candidate -> candidate.type().equals(arguments.type()))
                    .findFirst()
                    .orElseThrow(() -> notFound(hypertable, arguments.type(), policies));
            PolicySql sql = PolicySql.remove(
                    timescale, policy.type(), hypertable.table().sqlName());
            session.execute(sql.text(), sql.arguments().toArray());
            return new Result(true, policy);
        });
    }

    private static MCPToolError notFound(Hypertable hypertable, String type, List<Policy> policies) {
        List<String> types = policies.stream().map(Policy::type).toList();
        return new MCPToolError(
                TimescaleErrorCode.POLICY_NOT_FOUND,
                "'" + hypertable.table().fullName() + "' has no " + type + " policy; it has "
                        + (types.isEmpty() ? "none" : String.join(", ", types)) + ".",
                Map.of("table", hypertable.table().fullName(), "policies", types));
    }
}
