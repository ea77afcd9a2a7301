package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.internal.content.RecordFilter;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.PageCursor;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code get_records}. */
final class GetRecordsTool {

    private static final long MAX_SCAN_BYTES = 64L * 1024 * 1024;

    record Arguments(
            @Schema("Topic") String topic,

            @Schema(RecordArguments.PARTITIONS) @Nullable List<Integer> partitions,

            // A text or a number: models send either.
            @Schema(RecordArguments.OFFSET) @Nullable Object offset,

            @Schema(RecordArguments.FROM) @Nullable String fromTime,

            @Schema(RecordArguments.TO) @Nullable String toTime,

            @Schema(RecordArguments.KEY) @Nullable String key,

            @Schema(RecordArguments.HEADERS) @Nullable Map<String, String> headers,

            @Schema(RecordArguments.FIELDS) @Nullable Map<String, Object> fields,

            @Schema(minimum = 1, maximum = 500, defaultValue = "10", value = "Maximum records")
            int limit,

            @Schema(value = "limit is per partition", defaultValue = "false")
            boolean perPartition,

            @Schema(value = RecordArguments.MAX_BYTES, minimum = 16, maximum = 100_000, defaultValue = "2000")
            int maxBytes,

            @Schema(value = RecordArguments.UNCOMMITTED, defaultValue = "false")
            boolean uncommitted,

            @Schema(RecordArguments.CURSOR) @Nullable String cursor) {}

    private GetRecordsTool() {}

    static MCPTool tool(RecordReader reader) {
        return MCPTool.builder("get_records", Arguments.class, RecordsResult.class)
                .title("Get records")
                .description("Returns records of a topic: the newest first, or forward from offset or fromTime."
                        + " looked tells which offsets were looked at." + RecordArguments.UNTRUSTED)
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> reader.read(query(args), context, Duration.ofDays(1)))
                .build();
    }

    private static RecordQuery query(Arguments args) {
        List<Integer> partitions = RecordArguments.partitions(args.partitions());
        RecordQuery.Start start = RecordArguments.start(args.offset(), args.fromTime());
        Long until = RecordArguments.millisOrNull("toTime", args.toTime());
        return new RecordQuery(
                args.topic(),
                partitions,
                start,
                until,
                new RecordFilter(args.key(), args.headers(), args.fields(), null),
                args.limit(),
                args.perPartition(),
                args.maxBytes(),
                MAX_SCAN_BYTES,
                RecordArguments.isolation(args.uncommitted()),
                PageCursor.of(
                        "get_records",
                        args.topic(),
                        partitions,
                        start.toString(),
                        until,
                        args.key(),
                        RecordArguments.sorted(args.headers()),
                        RecordArguments.sorted(args.fields()),
                        args.perPartition(),
                        args.uncommitted()),
                args.cursor());
    }
}
