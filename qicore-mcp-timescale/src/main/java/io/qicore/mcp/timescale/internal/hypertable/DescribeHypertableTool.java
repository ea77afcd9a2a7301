package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.HypertableFacts;
import io.qicore.mcp.timescale.internal.catalog.HypertableFacts.Columnstore;
import io.qicore.mcp.timescale.internal.catalog.HypertableFacts.Dimension;
import io.qicore.mcp.timescale.internal.catalog.Hypertables;
import io.qicore.mcp.timescale.internal.catalog.Policies;
import io.qicore.mcp.timescale.internal.catalog.Policy;
import io.qicore.mcp.timescale.internal.catalog.TableType;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.sql.TimeText;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code describe_hypertable}: describes the partitioning, storage and policies of a hypertable. */
public final class DescribeHypertableTool {

    private static final String RELATION = "CAST(format('%I.%I', CAST(? AS text), CAST(? AS text)) AS regclass)";

    record Arguments(
            @Schema("Hypertable or continuous aggregate") String table) {}

    record Size(
            @Schema("Size of the rows, in bytes") long tableBytes,
            @Schema("Size of the indexes, in bytes") long indexBytes,
            @Schema("Size with indexes and TOAST, in bytes") long totalBytes) {}

    record Compression(
            @Schema("Number of compressed chunks") long compressedChunks,

            @Schema("Size of these chunks before compression") @Nullable
            Long bytesBefore,

            @Schema("Size of these chunks now") @Nullable Long bytesAfter,

            @Schema("bytesBefore divided by bytesAfter") @Nullable
            Double ratio) {}

    record Aggregate(
            @Schema("The hypertable or continuous aggregate that it aggregates")
            String source,

            @Schema("Its SELECT") String definition,

            @Schema("Whether buckets after the last refresh are left out")
            boolean materializedOnly,

            @Schema("Start of the newest materialized bucket") @Nullable
            String materializedUntil) {}

    record Result(
            @Schema("Schema name") String schema,
            @Schema("Table name") String table,
            @Schema("hypertable or continuous aggregate") String type,
            @Schema("Role that owns it") String owner,
            @Schema("All dimensions, the time first") List<Dimension> dimensions,
            @Schema("Number of chunks") long chunks,
            @Schema("Sizes of all chunks") Size size,

            @Schema("Planner's estimate; absent if never analyzed") @Nullable
            Long estimatedRows,

            @Schema("Settings of the columnstore; absent if it is not enabled") @Nullable
            Columnstore columnstore,

            @Schema("What compression saves; absent if no chunk is compressed") @Nullable
            Compression compression,

            @Schema("Its policies") List<Policy> policies,

            @Schema("Continuous aggregates of it") List<String> continuousAggregates,
            @Schema("For a continuous aggregate") @Nullable Aggregate continuousAggregate) {}

    private final Database database;

    private DescribeHypertableTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("describe_hypertable", Arguments.class, Result.class)
                .title("Describe hypertable")
                .description(
                        "Describes a hypertable or continuous aggregate: dimensions, sizes, compression, policies, "
                                + "freshness. For columns and indexes use describe_table.")
                .annotations(ToolAnnotations.readOnly())
                .handler(new DescribeHypertableTool(database)::describe)
                .build();
    }

    private Result describe(Arguments arguments, RequestContext context) {
        return database.read(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.HYPERTABLES);
            Hypertable hypertable = new Hypertables(session).require(arguments.table());
            HypertableFacts facts = new HypertableFacts(session, timescale);
            return new Result(
                    hypertable.table().schema(),
                    hypertable.table().name(),
                    hypertable.isAggregate() ? TableType.CONTINUOUS_AGGREGATE : TableType.HYPERTABLE,
                    hypertable.owner(),
                    facts.dimensions(hypertable),
                    hypertable.chunks(),
                    size(session, timescale, hypertable),
                    rows(session, timescale, hypertable),
                    facts.columnstore(hypertable).orElse(null),
                    compression(session, timescale, hypertable),
                    new Policies(session).of(hypertable.table()),
                    facts.aggregates(hypertable),
                    aggregate(session, hypertable));
        });
    }

    private static Size size(Session session, TimescaleExtension timescale, Hypertable hypertable) throws SQLException {
        return session.first(
                        "SELECT sum(table_bytes), sum(index_bytes), sum(total_bytes) FROM "
                                + timescale.function("hypertable_detailed_size") + "(" + RELATION + ")",
                        row -> new Size(row.getLong(1), row.getLong(2), row.getLong(3)),
                        hypertable.schema(),
                        hypertable.name())
                .orElse(new Size(0, 0, 0));
    }

    private static @Nullable Long rows(Session session, TimescaleExtension timescale, Hypertable hypertable)
            throws SQLException {
        long rows = session.list(
                        "SELECT " + timescale.function("approximate_row_count") + "(" + RELATION + ")",
                        row -> row.getLong(1),
                        hypertable.schema(),
                        hypertable.name())
                .get(0);
        // 0 can mean "not analyzed" as well as "empty".
        return rows == 0 ? null : rows;
    }

    private static @Nullable Compression compression(
            Session session, TimescaleExtension timescale, Hypertable hypertable) throws SQLException {
        if (!hypertable.compressed() || !timescale.isCommunity()) {
            return null;
        }
        return session.first(
                        compressionSql(timescale),
                        row -> compression(row.getLong(1), row.getObject(2, Long.class), row.getObject(3, Long.class)),
                        hypertable.schema(),
                        hypertable.name())
                .orElse(null);
    }

    static String compressionSql(TimescaleExtension timescale) {
        String function =
                timescale.hasColumnstoreNames() ? "hypertable_columnstore_stats" : "hypertable_compression_stats";
        return "SELECT number_compressed_chunks, before_compression_total_bytes, after_compression_total_bytes FROM "
                + timescale.function(function) + "(" + RELATION + ")";
    }

    private static Compression compression(long chunks, @Nullable Long before, @Nullable Long after) {
        Double ratio =
                before == null || after == null || after == 0 ? null : Math.round(100.0 * before / after) / 100.0;
        return new Compression(chunks, before, after, ratio);
    }

    private static @Nullable Aggregate aggregate(Session session, Hypertable hypertable) throws SQLException {
        Hypertable.Aggregate aggregate = hypertable.aggregate();
        if (aggregate == null) {
            return null;
        }
        // Reads the table behind the view, since the view would also compute rows that are not materialized yet.
        String hidden = session.quoted(hypertable.schema()) + "." + session.quoted(hypertable.name());
        String column = session.quoted(hypertable.timeColumn());
        Optional<String> newest =
                session.list("SELECT has_table_privilege(CAST(? AS text), 'SELECT')", row -> row.getBoolean(1), hidden)
                                .get(0)
                        ? session.first(
                                "SELECT to_json(" + column + ")#>>'{}' FROM " + hidden + " ORDER BY " + column
                                        + " DESC LIMIT 1",
                                row -> TimeText.instant(row.getString(1)))
                        : Optional.empty();
        return new Aggregate(
                aggregate.source(), aggregate.definition(), aggregate.materializedOnly(), newest.orElse(null));
    }
}
