package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.db.Aggregates;
import io.qicore.mcp.timescale.internal.db.Catalog;
import io.qicore.mcp.timescale.internal.db.Database;
import io.qicore.mcp.timescale.internal.db.Feature;
import io.qicore.mcp.timescale.internal.db.Hypertable;
import io.qicore.mcp.timescale.internal.db.Hypertables;
import io.qicore.mcp.timescale.internal.db.Privileges;
import io.qicore.mcp.timescale.internal.db.Session;
import io.qicore.mcp.timescale.internal.db.TableColumn;
import io.qicore.mcp.timescale.internal.db.TimescaleExtension;
import io.qicore.mcp.timescale.internal.sql.AggregateCall;
import io.qicore.mcp.timescale.internal.sql.Identifiers;
import io.qicore.mcp.timescale.internal.sql.Identifiers.QualifiedName;
import io.qicore.mcp.timescale.internal.sql.Intervals;
import io.qicore.mcp.timescale.internal.tool.ToolGroup;
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

/** {@code create_continuous_aggregate} and {@code refresh_continuous_aggregate}. */
public final class AggregateTools implements ToolGroup {

    private static final String BUCKET = "bucket";

    record CreateArguments(
            String name,
            @Schema("Hypertable") String table,
            @Schema("Such as 1h") String interval,

            @Schema(value = "Such as last(price), avg(x) as mean, count(*)", minLength = 1)
            List<String> aggregates,

            @Schema("Such as symbol") @Nullable List<String> groupBy,

            @Schema(value = "Include rows not refreshed yet", defaultValue = "false")
            boolean realTime) {}

    record Created(
            boolean success,
            String schema,
            String name,
            @Schema("Of the view") List<String> columns,
            @Schema("What to do now") String next) {}

    record RefreshArguments(
            String name,

            @Schema("Time, date, or age") @Nullable String from,

            @Nullable String to) {}

    record Refreshed(boolean success, String name, boolean materializedOnly, long durationMillis) {}

    private final Database database;

    public AggregateTools(Database database) {
        this.database = database;
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(
                MCPTool.builder("create_continuous_aggregate", CreateArguments.class, Created.class)
                        .description(
                                "Creates a materialized view of aggregates per time bucket, empty until refreshed.")
                        .annotations(ToolAnnotations.additive())
                        .handler(this::create)
                        .build(),
                MCPTool.builder("refresh_continuous_aggregate", RefreshArguments.class, Refreshed.class)
                        .description("Brings a range up to date; narrow it if time runs out.")
                        .annotations(ToolAnnotations.additive().idempotent())
                        .handler(this::refresh)
                        .build());
    }

    private Created create(CreateArguments arguments, RequestContext context) {
        QualifiedName wanted = Identifiers.qualified(arguments.name());
        String name = Identifiers.forNew(wanted.name(), "view");
        String interval = Intervals.inItsUnit(arguments.interval(), "interval");
        List<String> groupBy = arguments.groupBy() == null ? List.of() : arguments.groupBy();
        List<String> taken = new ArrayList<>(groupBy);
        taken.add(BUCKET);
        List<AggregateCall> calls = Aggregates.parse(arguments.aggregates(), taken);
        return database.write(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, Feature.CONTINUOUS_AGGREGATES);
            Catalog catalog = new Catalog(session);
            Hypertable source = new Hypertables(session).requireOwned(arguments.table());
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
                        "'" + schema + "." + name + "' exists already. Call describe_table to see whether it fits.",
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
            return new Created(
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
        Aggregates aggregates = new Aggregates(source.table(), columns, time, Optional.of(timescale));
        List<String> selected = new ArrayList<>();
        // The bare column: a cast would not be a bucket of the hypertable's time dimension.
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

    /** Outside of a transaction, which TimescaleDB demands because it commits in between. */
    private Refreshed refresh(RefreshArguments arguments, RequestContext context) {
        long start = System.nanoTime();
        return database.autocommit(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, Feature.CONTINUOUS_AGGREGATES);
            Hypertable view = new Hypertables(session).requireOwned(arguments.name());
            Hypertable.Aggregate aggregate = view.aggregate();
            if (aggregate == null) {
                throw new MCPToolError(
                        TimescaleErrorCode.NOT_A_HYPERTABLE,
                        "'" + view.table().fullName() + "' is a hypertable and no continuous aggregate.",
                        Map.of("table", view.table().fullName()));
            }
            List<Object> values = new ArrayList<>(List.of(view.table().sqlName()));
            String sql = "CALL " + timescale.function("refresh_continuous_aggregate") + "(CAST(? AS regclass), "
                    + bound(arguments.from(), "from", view, values) + ", "
                    + bound(arguments.to(), "to", view, values) + ")";
            session.execute(sql, values.toArray());
            return new Refreshed(
                    true,
                    view.table().fullName(),
                    aggregate.materializedOnly(),
                    (System.nanoTime() - start) / 1_000_000);
        });
    }

    private static String bound(@Nullable String text, String name, Hypertable view, List<Object> values) {
        if (text == null) {
            return "CAST(NULL AS " + view.timeType() + ")";
        }
        TimeBound bound = TimeBound.parse(text, name, view);
        values.add(bound.argument());
        return bound.sql();
    }
}
