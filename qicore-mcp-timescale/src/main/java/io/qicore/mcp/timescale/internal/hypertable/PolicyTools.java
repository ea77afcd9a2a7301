package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.db.Catalog;
import io.qicore.mcp.timescale.internal.db.Database;
import io.qicore.mcp.timescale.internal.db.Feature;
import io.qicore.mcp.timescale.internal.db.Hypertable;
import io.qicore.mcp.timescale.internal.db.Hypertables;
import io.qicore.mcp.timescale.internal.db.Policies;
import io.qicore.mcp.timescale.internal.db.Policy;
import io.qicore.mcp.timescale.internal.db.Table;
import io.qicore.mcp.timescale.internal.db.TimescaleExtension;
import io.qicore.mcp.timescale.internal.tool.ToolGroup;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code list_policies} and, where writing is allowed, {@code remove_policy}. */
public final class PolicyTools implements ToolGroup {

    record ListArguments(@Nullable String table) {}

    record PolicyList(List<Policy> policies) {}

    record RemoveArguments(
            String table,

            @Schema(allowed = {PolicySql.COLUMNSTORE, PolicySql.RETENTION, PolicySql.REFRESH})
            String type) {}

    record Removed(
            boolean success, @Schema("What was removed") Policy policy) {}

    private final Database database;
    private final boolean writes;

    public PolicyTools(Database database, boolean writes) {
        this.database = database;
        this.writes = writes;
    }

    @Override
    public List<MCPTool> tools() {
        MCPTool list = MCPTool.builder("list_policies", ListArguments.class, PolicyList.class)
                .description("Lists columnstore, retention and refresh policies.")
                .annotations(ToolAnnotations.readOnly())
                .handler(this::list)
                .build();
        MCPTool remove = MCPTool.builder("remove_policy", RemoveArguments.class, Removed.class)
                .description("Removes a policy; data stays as it is.")
                .annotations(ToolAnnotations.destructive())
                .handler(this::remove)
                .build();
        return writes ? List.of(list, remove) : List.of(list);
    }

    private PolicyList list(ListArguments arguments, RequestContext context) {
        return database.read(context, session -> {
            TimescaleExtension.require(session, Feature.POLICIES);
            Table table = arguments.table() == null ? null : new Catalog(session).table(arguments.table());
            return new PolicyList(new Policies(session).of(table));
        });
    }

    private Removed remove(RemoveArguments arguments, RequestContext context) {
        return database.write(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, Feature.POLICIES);
            Hypertable hypertable = new Hypertables(session).requireOwned(arguments.table());
            List<Policy> policies = new Policies(session).of(hypertable.table());
            Policy policy = policies.stream()
                    .filter(candidate -> candidate.type().equals(arguments.type()))
                    .findFirst()
                    .orElseThrow(() -> notFound(hypertable, arguments.type(), policies));
            PolicySql sql = PolicySql.remove(
                    timescale, policy.type(), hypertable.table().sqlName());
            session.execute(sql.text(), sql.arguments().toArray());
            return new Removed(true, policy);
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
