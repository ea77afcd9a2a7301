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
            @Schema("Hypertable or continuous aggregate") String table,

            @Schema("Only chunks before this time, date or age, such as 30d") @Nullable
            String olderThan,

            @Schema("Only chunks after it") @Nullable String newerThan,

            @Schema(value = "Largest number of chunks", minimum = 1, maximum = 500, defaultValue = "50")
            int limit) {}

    record Result(
            @Schema("Hypertable, as schema.name") String table,

            @Schema("Newest first") List<ChunkSelection.Chunk> chunks,

            @Schema("Whether there are older chunks than these")
            boolean truncated) {}

    private final Database database;

    private ListChunksTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("list_chunks", Arguments.class, Result.class)
                .title("List chunks")
                .description("Lists the chunks of a hypertable, newest first, with range, size, rows and compression.")
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
