package io.qicore.mcp.timescale.internal;

import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Pools;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.timescale.internal.hypertable.AddPolicyTool;
import io.qicore.mcp.timescale.internal.hypertable.CreateContinuousAggregateTool;
import io.qicore.mcp.timescale.internal.hypertable.CreateHypertableTool;
import io.qicore.mcp.timescale.internal.hypertable.DescribeHypertableTool;
import io.qicore.mcp.timescale.internal.hypertable.DropChunksTool;
import io.qicore.mcp.timescale.internal.hypertable.ListChunksTool;
import io.qicore.mcp.timescale.internal.hypertable.ListHypertablesTool;
import io.qicore.mcp.timescale.internal.hypertable.ListJobsTool;
import io.qicore.mcp.timescale.internal.hypertable.ListPoliciesTool;
import io.qicore.mcp.timescale.internal.hypertable.RefreshContinuousAggregateTool;
import io.qicore.mcp.timescale.internal.hypertable.RemovePolicyTool;
import io.qicore.mcp.timescale.internal.hypertable.RunJobTool;
import io.qicore.mcp.timescale.internal.hypertable.SetChunkIntervalTool;
import io.qicore.mcp.timescale.internal.hypertable.SetColumnstoreTool;
import io.qicore.mcp.timescale.internal.operations.CancelQueryTool;
import io.qicore.mcp.timescale.internal.operations.GetHealthTool;
import io.qicore.mcp.timescale.internal.operations.GetTopQueriesTool;
import io.qicore.mcp.timescale.internal.query.ExplainQueryTool;
import io.qicore.mcp.timescale.internal.query.QueryTool;
import io.qicore.mcp.timescale.internal.query.StatementTime;
import io.qicore.mcp.timescale.internal.schema.CreateTableTool;
import io.qicore.mcp.timescale.internal.schema.DescribeTableTool;
import io.qicore.mcp.timescale.internal.schema.ListSchemasTool;
import io.qicore.mcp.timescale.internal.schema.ListTablesTool;
import io.qicore.mcp.timescale.internal.series.GetCandlesticksTool;
import io.qicore.mcp.timescale.internal.series.GetIngestHealthTool;
import io.qicore.mcp.timescale.internal.series.GetLatestTool;
import io.qicore.mcp.timescale.internal.series.GetTimeBucketsTool;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.change.Confirmation;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** Lists the tools of a server by group. Stateless. */
public final class TimescaleTools {

    private TimescaleTools() {}

    /**
     * Returns the tools that the options allow.
     *
     * @param forLong the same database with connections for long statements
     */
    public static List<MCPTool> of(Database database, Database forLong, TimescaleOptions options) {
        TimescalePolicy policy = options.policy();
        CatalogGuard guard = new CatalogGuard(policy);
        Confirmation confirmation = new Confirmation(policy.confirmation());
        return Stream.of(
                        schema(database),
                        query(database, forLong, options, guard),
                        series(database, guard),
                        hypertable(database, confirmation),
                        operations(database, confirmation))
                .flatMap(List::stream)
                .filter(tool -> !policy.readOnly() || tool.annotations().readOnlyHint())
                .filter(tool -> policy.allowsTool(tool.name()))
                .toList();
    }

    private static List<MCPTool> schema(Database database) {
        return List.of(
                ListSchemasTool.tool(database),
                ListTablesTool.tool(database),
                DescribeTableTool.tool(database),
                CreateTableTool.tool(database));
    }

    private static List<MCPTool> query(
            Database database, Database forLong, TimescaleOptions options, CatalogGuard guard) {
        Semaphore places = new Semaphore(Pools.LONG_STATEMENTS);
        return List.of(
                QueryTool.tool(database, guard, StatementTime.of(QueryTool.NAME, forLong, places, options)),
                ExplainQueryTool.tool(
                        database, guard, StatementTime.of(ExplainQueryTool.NAME, forLong, places, options)));
    }

    private static List<MCPTool> series(Database database, CatalogGuard guard) {
        return List.of(
                GetCandlesticksTool.tool(database, guard),
                GetTimeBucketsTool.tool(database, guard),
                GetLatestTool.tool(database, guard),
                GetIngestHealthTool.tool(database, guard));
    }

    private static List<MCPTool> hypertable(Database database, Confirmation confirmation) {
        return List.of(
                ListHypertablesTool.tool(database),
                DescribeHypertableTool.tool(database),
                CreateHypertableTool.tool(database),
                ListChunksTool.tool(database),
                SetChunkIntervalTool.tool(database),
                DropChunksTool.tool(database, confirmation),
                SetColumnstoreTool.tool(database),
                ListPoliciesTool.tool(database),
                AddPolicyTool.tool(database, confirmation),
                RemovePolicyTool.tool(database),
                CreateContinuousAggregateTool.tool(database),
                RefreshContinuousAggregateTool.tool(database),
                ListJobsTool.tool(database),
                RunJobTool.tool(database, confirmation));
    }

    private static List<MCPTool> operations(Database database, Confirmation confirmation) {
        return List.of(
                GetHealthTool.tool(database),
                GetTopQueriesTool.tool(database),
                CancelQueryTool.tool(database, confirmation));
    }
}
