package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.db.Database;
import io.qicore.mcp.timescale.internal.db.Feature;
import io.qicore.mcp.timescale.internal.db.Hypertable;
import io.qicore.mcp.timescale.internal.db.Hypertables;
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

/** {@code list_chunks} and, where writing is allowed, {@code set_chunk_interval}. */
public final class ChunkTools implements ToolGroup {

    record ListArguments(
            String table,

            @Schema("Time, date, or age such as 30d") @Nullable
            String olderThan,

            @Nullable String newerThan,

            @Schema(minimum = 1, maximum = 500, defaultValue = "50")
            int limit) {}

    record Chunks(
            String table,

            @Schema("Newest first") List<ChunkSelection.Chunk> chunks,

            @Schema("Whether older ones are left out") boolean truncated) {}

    record IntervalArguments(
            String table, @Schema("Such as 1d") String chunkInterval) {}

    record IntervalResult(
            boolean success,
            String table,
            @Schema("ISO-8601, or an integer") String previous,
            @Schema("As given") String chunkInterval) {}

    private final Database database;
    private final boolean writes;

    public ChunkTools(Database database, boolean writes) {
        this.database = database;
        this.writes = writes;
    }

    @Override
    public List<MCPTool> tools() {
        MCPTool list = MCPTool.builder("list_chunks", ListArguments.class, Chunks.class)
                .description("Lists chunks, newest first: range, size, estimated rows, columnstore.")
                .annotations(ToolAnnotations.readOnly())
                .handler(this::list)
                .build();
        MCPTool set = MCPTool.builder("set_chunk_interval", IntervalArguments.class, IntervalResult.class)
                .description("Sets how much time a hypertable's future chunks span.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .handler(this::setInterval)
                .build();
        return writes ? List.of(list, set) : List.of(list);
    }

    private Chunks list(ListArguments arguments, RequestContext context) {
        return database.read(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, Feature.HYPERTABLES);
            Hypertable hypertable = new Hypertables(session).require(arguments.table());
            String older = arguments.olderThan();
            String newer = arguments.newerThan();
            List<ChunkSelection.Chunk> chunks = new ChunkSelection(
                            hypertable,
                            older == null ? null : TimeBound.parse(older, "olderThan", hypertable),
                            newer == null ? null : TimeBound.parse(newer, "newerThan", hypertable))
                    .chunks(session, timescale, arguments.limit() + 1);
            boolean truncated = chunks.size() > arguments.limit();
            return new Chunks(
                    hypertable.table().fullName(),
                    truncated ? chunks.subList(0, arguments.limit()) : chunks,
                    truncated);
        });
    }

    private IntervalResult setInterval(IntervalArguments arguments, RequestContext context) {
        return database.write(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, Feature.HYPERTABLES);
            Hypertable hypertable = new Hypertables(session).requireOwned(arguments.table());
            if (hypertable.isAggregate()) {
                throw new MCPToolError(
                        TimescaleErrorCode.NOT_A_HYPERTABLE,
                        "'" + hypertable.table().fullName() + "' is a continuous aggregate; its chunk interval follows"
                                + " from its source.",
                        Map.of("table", hypertable.table().fullName()));
            }
            TimeBound interval = TimeBound.age(arguments.chunkInterval(), "chunkInterval", hypertable);
            session.execute(
                    "SELECT " + timescale.function("set_chunk_time_interval") + "(CAST(? AS regclass), "
                            + interval.sql() + ")",
                    hypertable.table().sqlName(),
                    interval.argument());
            String previous = hypertable.chunkInterval() == null
                    ? String.valueOf(hypertable.integerInterval())
                    : hypertable.chunkInterval();
            return new IntervalResult(true, hypertable.table().fullName(), previous, interval.argument());
        });
    }
}
