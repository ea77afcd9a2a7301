package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.sql.TimeText;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A selection of chunks of a hypertable: those that are completely before one time and completely after another.
 *
 * @param olderThan only chunks that end before it, or null
 * @param newerThan only chunks that begin after it, or null
 */
record ChunkSelection(
        Hypertable hypertable,
        @Nullable TimeBound olderThan,
        @Nullable TimeBound newerThan) {

    private static final String INVALID_PARAMETER = "22023";

    /** A chunk. Its times are in ISO-8601, or integers. */
    record Chunk(
            @Schema("Chunk name") String name,
            @Schema("Start of its range") String from,
            @Schema("End of its range, exclusive") String to,
            @Schema("Whether it is in the columnstore") boolean compressed,
            @Schema("Size with indexes and TOAST, in bytes") long sizeBytes,

            @Schema("Planner's estimate; absent if never analyzed") @Nullable
            Long estimatedRows) {}

    /** Returns the chunks, newest first, up to the limit. */
    List<Chunk> chunks(Session session, TimescaleExtension timescale, int limit) throws SQLException {
        List<Object> arguments = new ArrayList<>();
        String sql = sql(timescale, arguments);
        arguments.add(limit);
        try {
            return session.list(sql, ChunkSelection::read, arguments.toArray());
        } catch (SQLException e) {
            if (olderThan == null || newerThan == null || !INVALID_PARAMETER.equals(e.getSQLState())) {
                throw e;
            }
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'newerThan' is not before 'olderThan': together they mean the chunks in between.",
                    Map.of("arguments", List.of("newerThan", "olderThan")),
                    e);
        }
    }

    /** Drops the chunks and returns their number. */
    long drop(Session session, TimescaleExtension timescale) throws SQLException {
        List<Object> arguments = new ArrayList<>();
        String sql = "SELECT count(*) FROM " + call(timescale, "drop_chunks", arguments);
        return session.list(sql, row -> row.getLong(1), arguments.toArray()).get(0);
    }

    /** The statement. Its arguments are those that this method adds, followed by the limit. */
    String sql(TimescaleExtension timescale, List<Object> arguments) {
        String selected = call(timescale, "show_chunks", arguments);
        String relation = "CAST(format('%I.%I', CAST(? AS text), CAST(? AS text)) AS regclass)";
        arguments.addAll(List.of(hypertable.schema(), hypertable.name(), hypertable.schema(), hypertable.name()));
        return "SELECT c.chunk_name, coalesce(to_json(c.range_start)#>>'{}', c.range_start_integer::text),"
                + " coalesce(to_json(c.range_end)#>>'{}', c.range_end_integer::text), c.is_compressed,"
                + " coalesce(s.total_bytes, 0), nullif(" + timescale.function("approximate_row_count")
                + "(c.relation), 0) FROM " + selected + " AS shown (relation)"
                + " JOIN (SELECT *, CAST(format('%I.%I', chunk_schema, chunk_name) AS regclass) AS relation"
                + " FROM timescaledb_information.chunks WHERE hypertable_schema = ? AND hypertable_name = ?) AS c"
                + " ON c.relation = shown.relation LEFT JOIN " + timescale.function("chunks_detailed_size") + "("
                + relation + ") AS s ON s.chunk_schema = c.chunk_schema AND s.chunk_name = c.chunk_name"
                + " ORDER BY c.range_start DESC, c.range_start_integer DESC LIMIT CAST(? AS integer)";
    }

    private String call(TimescaleExtension timescale, String function, List<Object> arguments) {
        // For a continuous aggregate, TimescaleDB expects the name of its view.
        StringBuilder sql = new StringBuilder(timescale.function(function)).append("(CAST(? AS regclass)");
        arguments.add(hypertable.table().sqlName());
        append(sql, "older_than", olderThan, arguments);
        append(sql, "newer_than", newerThan, arguments);
        return sql.append(')').toString();
    }

    private static void append(StringBuilder sql, String name, @Nullable TimeBound bound, List<Object> arguments) {
        if (bound != null) {
            sql.append(", ").append(name).append(" => ").append(bound.sql());
            arguments.add(bound.argument());
        }
    }

    private static Chunk read(ResultSet row) throws SQLException {
        return new Chunk(
                row.getString(1),
                Objects.requireNonNullElse(TimeText.instant(row.getString(2)), "-infinity"),
                Objects.requireNonNullElse(TimeText.instant(row.getString(3)), "infinity"),
                row.getBoolean(4),
                row.getLong(5),
                row.getObject(6, Long.class));
    }
}
