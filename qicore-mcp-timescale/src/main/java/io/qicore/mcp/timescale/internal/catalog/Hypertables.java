package io.qicore.mcp.timescale.internal.catalog;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks up hypertables and continuous aggregates. Reads only the views of {@code timescaledb_information}, because the
 * catalogue behind them often changes between releases. Bound to one transaction of a database with TimescaleDB.
 */
public final class Hypertables {

    private static final String DIMENSION = "SELECT h.owner::text, d.column_name, d.column_type::text,"
            + " d.time_interval::text, d.integer_interval, h.num_chunks, h.compression_enabled"
            + " FROM timescaledb_information.hypertables h"
            + " JOIN timescaledb_information.dimensions d USING (hypertable_schema, hypertable_name)"
            + " WHERE h.hypertable_schema = ? AND h.hypertable_name = ? AND d.dimension_number = 1";

    /** The view {@code hypertables} does not list the hidden hypertable of an aggregate. */
    private static final String AGGREGATE_DIMENSION = "SELECT a.view_owner::text, d.column_name, d.column_type::text,"
            + " d.time_interval::text, d.integer_interval, (SELECT count(*) FROM timescaledb_information.chunks c"
            + " WHERE c.hypertable_schema = d.hypertable_schema AND c.hypertable_name = d.hypertable_name),"
            + " a.compression_enabled FROM timescaledb_information.continuous_aggregates a"
            + " JOIN timescaledb_information.dimensions d"
            + " ON d.hypertable_schema = a.materialization_hypertable_schema"
            + " AND d.hypertable_name = a.materialization_hypertable_name"
            + " WHERE d.hypertable_schema = ? AND d.hypertable_name = ? AND d.dimension_number = 1";

    private static final String AGGREGATE = "SELECT materialization_hypertable_schema,"
            + " materialization_hypertable_name, hypertable_schema || '.' || hypertable_name, view_definition,"
            + " materialized_only FROM timescaledb_information.continuous_aggregates"
            + " WHERE view_schema = ? AND view_name = ?";

    private record Materialization(String schema, String name, Hypertable.Aggregate aggregate) {}

    private final Session session;

    public Hypertables(Session session) {
        this.session = session;
    }

    /** Returns a table as hypertable or continuous aggregate, if it is one. */
    public Optional<Hypertable> find(Table table) throws SQLException {
        if (table.kind() == 'r') {
            return dimension(DIMENSION, table, table.schema(), table.name(), null);
        }
        if (table.kind() != 'v') {
            return Optional.empty();
        }
        Optional<Materialization> found = session.first(
                AGGREGATE,
                row -> new Materialization(
                        row.getString(1),
                        row.getString(2),
                        new Hypertable.Aggregate(
                                row.getString(3), row.getString(4).strip(), row.getBoolean(5))),
                table.schema(),
                table.name());
        return found.isEmpty()
                ? Optional.empty()
                : dimension(
                        AGGREGATE_DIMENSION,
                        table,
                        found.get().schema(),
                        found.get().name(),
                        shown(found.get().aggregate()));
    }

    /** Returns what the caller may know of a continuous aggregate, whose source may be in another schema. */
    private Hypertable.Aggregate shown(Hypertable.Aggregate aggregate) throws SQLException {
        return session.mentionsHidden(aggregate.source()) || session.mentionsHidden(aggregate.definition())
                ? new Hypertable.Aggregate(SchemaLimits.HIDDEN, SchemaLimits.HIDDEN, aggregate.materializedOnly())
                : aggregate;
    }

    /**
     * Returns the hypertable or continuous aggregate of a name.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#TABLE_NOT_FOUND} or
     *     {@link TimescaleErrorCode#NOT_A_HYPERTABLE}
     */
    public Hypertable require(String text) throws SQLException {
        Table table = new Catalog(session).table(text);
        return find(table)
                .orElseThrow(() -> new MCPToolError(
                        TimescaleErrorCode.NOT_A_HYPERTABLE,
                        "'" + table.fullName() + "' is neither a hypertable nor a continuous aggregate. Call"
                                + " list_hypertables for those there are; create_hypertable makes a table one.",
                        Map.of("table", table.fullName())));
    }

    private Optional<Hypertable> dimension(
            String sql, Table table, String schema, String name, Hypertable.@Nullable Aggregate aggregate)
            throws SQLException {
        return session.first(
                sql,
                row -> new Hypertable(
                        table,
                        row.getString(1),
                        schema,
                        name,
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getObject(5, Long.class),
                        row.getLong(6),
                        row.getBoolean(7),
                        aggregate),
                schema,
                name);
    }
}
