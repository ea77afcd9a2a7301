package io.qicore.mcp.timescale.internal.operations;

import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code get_health}: the state of the database, for a first look. */
public final class GetHealthTool {

    record Arguments() {}

    record Timescale(
            @Schema("Version of the extension") String version,
            @Schema("timescale or apache") String license,

            @Schema("Numbers of the jobs whose last run failed")
            List<Integer> failingJobs) {}

    record Result(
            @Schema("Problems now or soon, and what to do about them; empty if there are none")
            List<String> problems,

            @Schema("Version of PostgreSQL") String postgresVersion,

            @Schema("TimescaleDB; absent without the extension") @Nullable
            Timescale timescale,

            @Schema("Connections of the server") HealthReader.Connections connections,

            @Schema("The database since its statistics were reset")
            HealthReader.Cache cache,

            @Schema("Transactions open for more than a minute")
            List<HealthReader.LongTransaction> longTransactions,

            @Schema("Sessions that wait for a lock") List<HealthReader.Blocked> blocked,

            @Schema("Locks that keep chunks from being created")
            List<HealthReader.HypertableLock> hypertableLocks,

            @Schema("Standbys and replication slots") List<HealthReader.Replication> replication,

            @Schema("The database that is closest to transaction id wraparound")
            HealthReader.@Nullable Wraparound wraparound) {}

    private final Database database;

    private GetHealthTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        GetHealthTool tool = new GetHealthTool(database);
        return MCPTool.builder("get_health", Arguments.class, Result.class)
                .title("Get database health")
                .description("Checks the database: problems and what to do about them, connections, cache, long "
                        + "transactions, locks, replication, wraparound. For slow statements use get_top_queries, "
                        + "for missing data get_ingest_health.")
                .annotations(ToolAnnotations.readOnly())
                .handler((arguments, context) -> tool.health(context))
                .build();
    }

    private Result health(RequestContext context) {
        return database.observe(context, session -> {
            Optional<TimescaleExtension> timescale = TimescaleExtension.findSupported(session);
            HealthReader reader = new HealthReader(session);
            Result found = new Result(
                    List.of(),
                    session.list("SELECT current_setting('server_version')", row -> row.getString(1))
                            .get(0),
                    timescale(timescale, reader),
                    reader.connections(),
                    reader.cache(),
                    reader.longTransactions(),
                    reader.blocked(),
                    reader.hypertableLocks(timescale),
                    reader.replication(),
                    reader.wraparound());
            return new Result(
                    HealthProblems.of(found),
                    found.postgresVersion(),
                    found.timescale(),
                    found.connections(),
                    found.cache(),
                    found.longTransactions(),
                    found.blocked(),
                    found.hypertableLocks(),
                    found.replication(),
                    found.wraparound());
        });
    }

    private static @Nullable Timescale timescale(Optional<TimescaleExtension> extension, HealthReader reader)
            throws SQLException {
        return extension.isEmpty()
                ? null
                : new Timescale(extension.get().version(), extension.get().license(), reader.failingJobs(extension));
    }
}
