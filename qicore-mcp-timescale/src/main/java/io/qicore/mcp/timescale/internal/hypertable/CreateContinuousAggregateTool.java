package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.timescale.internal.series.AggregateSql;
import io.qicore.mcp.timescale.internal.sql.AggregateCall;
import io.qicore.mcp.timescale.internal.sql.Identifiers;
import io.qicore.mcp.timescale.internal.sql.Identifiers.QualifiedName;
import io.qicore.mcp.timescale.internal.sql.Intervals;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code create_continuous_aggregate}: creates an empty materialized view that TimescaleDB keeps up to date. */
public final class CreateContinuousAggregateTool {

    private static final String BUCKET = "bucket";

    record Arguments(
            @Schema("New name, or schema.name") String name,
            @Schema("Hypertable") String table,
            @Schema("Length of a bucket, such as 1h") String interval,

            @Schema(value = "Such as last(price), avg(x) as mean, count(*)", minLength = 1)
            List<String> aggregates,

            @Schema("More columns to group by, such as symbol") @Nullable
            List<String> groupBy,

            @Schema(value = "Include rows not refreshed yet", defaultValue = "false")
            boolean realTime) {}

    record Result(
            @Schema("True unless the call failed") boolean success,
            @Schema("Schema of the view") String schema,
            @Schema("Name of the view") String name,
            @Schema("Columns of the view") List<String> columns,
            @Schema("What to do next") String next) {}

    private final Database database;

    private CreateContinuousAggregateTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("create_continuous_aggregate", Arguments.class, Result.class)
                .title("Create continuous aggregate")
                .description("Creates a materialized view of aggregates per time bucket, empty until refreshed. "
                        + "Example: {\"name\": \"hourly\", \"table\": \"ticks\", \"interval\": \"1h\", "
                        + "\"aggregates\": [\"last(price) as close\"], \"groupBy\": [\"symbol\"]}")
                .annotations(ToolAnnotations.additive())
                .handler(new CreateContinuousAggregateTool(database)::create)
                .build();
    }

    private Result create(Arguments arguments, RequestContext context) {
        QualifiedName wanted = Identifiers.qualified(arguments.name());
        String name = Identifiers.forNew(wanted.name(), "view");
        String interval = Intervals.inItsUnit(arguments.interval(), "interval");
        List<String> groupBy = arguments.groupBy() == null ? List.of() : arguments.groupBy();
        List<String> taken = new ArrayList<>(groupBy);
        taken.add(BUCKET);
        List<AggregateCall> calls = AggregateSql.parse(arguments.aggregates(), taken);
        return database.write(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.CONTINUOUS_AGGREGATES);
            Catalog catalog = new Catalog(session);
            Hypertable source = new Privileges(session).requireOwnedHypertable(arguments.table());
            if (source.isInteger()) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "Time is an integer in '" + source.table().fullName()
                                + "'; this tool makes buckets of timestamps and dates only.");
            }
            String schema = catalog.schema(wanted.schema());
            new Privileges(session).requireCreate(schema);
            catalog.lock(schema, name);
            if (catalog.find(new QualifiedName(schema, name)).isPresent()) {
                throw new MCPToolError(
                        TimescaleErrorCode.TABLE_EXISTS,
                        "'" + schema + "." + name + "' already exists. Call describe_table to see whether it fits.",
                        Map.of("schema", schema, "table", name));
            }
            List<TableColumn> columns = catalog.columns(source.table());
            List<String> groups = groupBy.stream()
                    .map(column ->
                            Catalog.column(source.table(), columns, column).sqlName())
                    .toList();
            session.execute("CREATE MATERIALIZED VIEW " + session.quoted(schema) + "." + session.quoted(name)
                    + definition(session, timescale, source, columns, interval, groups, calls, arguments.realTime()));
            taken.remove(BUCKET);
            taken.add(0, BUCKET);
            calls.forEach(call -> taken.add(call.alias()));
            return new Result(
                    true,
                    schema,
                    name,
                    taken,
                    "refresh_continuous_aggregate fills it once; add_policy with type refresh keeps it up to date.");
        });
    }

    private static String definition(
            Session session,
            TimescaleExtension timescale,
            Hypertable source,
            List<TableColumn> columns,
            String interval,
            List<String> groups,
            List<AggregateCall> calls,
            boolean realTime)
            throws SQLException {
        TableColumn time = Catalog.column(source.table(), columns, source.timeColumn());
        AggregateSql aggregates = new AggregateSql(source.table(), columns, time, Optional.of(timescale));
        List<String> selected = new ArrayList<>();
        // The column without a cast, since TimescaleDB requires a bucket of the hypertable's time column.
        selected.add(timescale.function("time_bucket") + "(INTERVAL '" + interval + "', " + time.sqlName() + ") AS "
                + BUCKET);
        selected.addAll(groups);
        for (AggregateCall call : calls) {
            selected.add(aggregates.call(call) + " AS " + session.quoted(call.alias()));
        }
        List<String> keys = new ArrayList<>();
        for (int i = 0; i <= groups.size(); i++) {
            keys.add(String.valueOf(i + 1));
        }
        return " WITH (timescaledb.continuous, timescaledb.materialized_only = " + !realTime + ") AS SELECT "
                + String.join(", ", selected) + " FROM " + source.table().sqlName() + " GROUP BY "
                + String.join(", ", keys) + " WITH NO DATA";
    }
}
