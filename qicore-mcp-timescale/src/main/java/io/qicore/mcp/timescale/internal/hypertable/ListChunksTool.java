package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.catalog.Hypertables;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code list_chunks}: the chunks of a hypertable in a range of time. */
public final class ListChunksTool {

    record Arguments(
            String table,

            @Schema("Time, date, or age such as 30d") @Nullable
            String olderThan,

            @Nullable String newerThan,

            @Schema(minimum = 1, maximum = 500, defaultValue = "50")
            int limit) {}

    record Result(
            String table,

            @Schema("Newest first") List<ChunkSelection.Chunk> chunks,

            @Schema("Whether older ones are left out") boolean truncated) {}

    private final Database database;

    private ListChunksTool(Database database) {
        this.database = database;
    }

    /** The tool for one database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("list_chunks", Arguments.class, Result.class)
                .title("List chunks")
                .description("Lists chunks, newest first: range, size, estimated rows, columnstore.")
                .annotations(ToolAnnotations.readOnly())
                .handler(new ListChunksTool(database)::list)
                .build();
    }

    private Result list(Arguments arguments, RequestContext context) {
        return database.read(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.HYPERTABLES);
            Hypertable hypertable = new Hypertables(session).require(arguments.table());
            String older = arguments.olderThan();
            String newer = arguments.newerThan();
            List<ChunkSelection.Chunk> chunks = new ChunkSelection(
                            hypertable,
                            older == null ? null : TimeBound.parse(older, "olderThan", hypertable),
                            newer == null ? null : TimeBound.parse(newer, "newerThan", hypertable))
                    .chunks(session, timescale, arguments.limit() + 1);
            boolean truncated = chunks.size() > arguments.limit();
            return new Result(
                    hypertable.table().fullName(),
                    truncated ? chunks.subList(0, arguments.limit()) : chunks,
                    truncated);
        });
    }
}
