package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.internal.content.RecordFilter;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.PageCursor;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code search_records}. */
final class SearchRecordsTool {

    private static final long MEGABYTE = 1024L * 1024;

    record Arguments(
            @Schema("Topic") String topic,

            @Schema(value = "Text in key, value or headers; case matters", minLength = 1) @Nullable
            String text,

            @Schema(RecordArguments.FIELDS) @Nullable Map<String, Object> fields,

            @Schema(RecordArguments.PARTITIONS) @Nullable List<Integer> partitions,

            @Schema(RecordArguments.OFFSET) @Nullable Object offset,

            @Schema("Like offset, for a time") @Nullable String fromTime,

            @Schema(RecordArguments.TO) @Nullable String toTime,

            @Schema(minimum = 1, maximum = 500, defaultValue = "10", value = "Maximum records")
            int limit,

            @Schema(value = "Megabytes to look at", minimum = 1, maximum = 2048, defaultValue = "256")
            int maxMegabytes,

            @Schema(value = RecordArguments.MAX_BYTES, minimum = 16, maximum = 100_000, defaultValue = "500")
            int maxBytes,

            @Schema(value = RecordArguments.UNCOMMITTED, defaultValue = "false")
            boolean uncommitted,

            @Schema(RecordArguments.CURSOR) @Nullable String cursor) {}

    private SearchRecordsTool() {}

    static MCPTool tool(RecordReader reader) {
        return MCPTool.builder("search_records", Arguments.class, RecordsResult.class)
                .title("Search records")
                .description("Searches records for text or fields: the newest first, or forward from offset or"
                        + " fromTime. Ends after maxMegabytes or the call's time; complete and looked tell how far it got."
                        + RecordArguments.UNTRUSTED)
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> reader.read(query(args), context, Duration.ofDays(1)))
                .build();
    }

    private static RecordQuery query(Arguments args) {
        if (args.text() == null && (args.fields() == null || args.fields().isEmpty())) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Give text or fields to search for. To read records without a condition use get_records.",
                    Map.of("argument", "text"));
        }
        List<Integer> partitions = RecordArguments.partitions(args.partitions());
        RecordQuery.Start start = RecordArguments.start(args.offset(), args.fromTime());
        Long until = RecordArguments.millisOrNull("toTime", args.toTime());
        return new RecordQuery(
                args.topic(),
                partitions,
                start,
                until,
                new RecordFilter(null, null, args.fields(), args.text()),
                args.limit(),
                false,
                args.maxBytes(),
                args.maxMegabytes() * MEGABYTE,
                RecordArguments.isolation(args.uncommitted()),
                PageCursor.of(
                        "search_records",
                        args.topic(),
                        partitions,
                        start.toString(),
                        until,
                        args.text(),
                        RecordArguments.sorted(args.fields()),
                        args.uncommitted()),
                args.cursor());
    }
}
