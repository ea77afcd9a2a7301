package io.qicore.mcp.timescale.internal.catalog;

import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.tool.Schema;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the dimensions, columnstore settings and continuous aggregates of a hypertable. Bound to one transaction. */
public final class HypertableFacts {

    private static final String DIMENSIONS = "SELECT column_name, column_type::text, lower(dimension_type),"
            + " time_interval::text, integer_interval, num_partitions FROM timescaledb_information.dimensions"
            + " WHERE hypertable_schema = ? AND hypertable_name = ? ORDER BY dimension_number";

    private static final String AGGREGATES = "SELECT view_schema || '.' || view_name"
            + " FROM timescaledb_information.continuous_aggregates"
            + " WHERE hypertable_schema = ? AND hypertable_name = ?";

    private static final String SETTINGS = "SELECT segmentby, orderby"
            + " FROM timescaledb_information.hypertable_columnstore_settings"
            + " WHERE hypertable = CAST(format('%I.%I', CAST(? AS text), CAST(? AS text)) AS regclass)";

    /** One row for each column. */
    private static final String OLD_SETTINGS = "SELECT string_agg(attname, ',' ORDER BY segmentby_column_index)"
            + " FILTER (WHERE segmentby_column_index IS NOT NULL), string_agg(attname || CASE WHEN orderby_asc THEN ''"
            + " ELSE ' DESC' END, ',' ORDER BY orderby_column_index) FILTER (WHERE orderby_column_index IS NOT NULL)"
            + " FROM timescaledb_information.compression_settings WHERE hypertable_schema = ? AND hypertable_name = ?";

    /**
     * A dimension by which a hypertable is partitioned.
     *
     * @param kind {@code time} or {@code space}
     */
    public record Dimension(
            @Schema("Column name") String column,
            @Schema("SQL type of the column") String type,
            @Schema("time or space") String kind,

            @Schema("Time that a chunk spans, ISO-8601") @Nullable
            String interval,

            @Schema("Span of a chunk in an integer dimension") @Nullable
            Long integerInterval,

            @Schema("Number of partitions of a space dimension") @Nullable
            Integer partitions) {}

    /** How the columnstore segments and orders rows. */
    public record Columnstore(
            @Schema("Columns that group rows") @Nullable String segmentBy,

            @Schema("Order of rows within a group") @Nullable
            String orderBy) {}

    private final Session session;
    private final TimescaleExtension timescale;

    public HypertableFacts(Session session, TimescaleExtension timescale) {
        this.session = session;
        this.timescale = timescale;
    }

    /** Returns the dimensions, time first. */
    public List<Dimension> dimensions(Hypertable hypertable) throws SQLException {
        return session.list(
                DIMENSIONS,
                row -> new Dimension(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getObject(5, Long.class),
                        row.getObject(6, Integer.class)),
                hypertable.schema(),
                hypertable.name());
    }

    /** Returns the settings of the columnstore, if it is enabled. */
    public Optional<Columnstore> columnstore(Hypertable hypertable) throws SQLException {
        return hypertable.compressed()
                ? session.first(
                        columnstoreSql(timescale),
                        row -> new Columnstore(row.getString(1), row.getString(2)),
                        hypertable.schema(),
                        hypertable.name())
                : Optional.empty();
    }

    /** Returns the continuous aggregates of the hypertable, by schema and name. */
    public List<String> aggregates(Hypertable hypertable) throws SQLException {
        return session.list(
                AGGREGATES + session.limits().and("view_schema") + " ORDER BY 1",
                row -> row.getString(1),
                hypertable.schema(),
                hypertable.name());
    }

    static String columnstoreSql(TimescaleExtension timescale) {
        return timescale.hasColumnstoreNames() ? SETTINGS : OLD_SETTINGS;
    }
}
