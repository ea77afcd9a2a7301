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

/** Makes the tool {@code tail_topic}. */
final class TailTopicTool {

    private static final long MAX_SCAN_BYTES = 64L * 1024 * 1024;

    record Arguments(
            @Schema("Topic") String topic,

            @Schema(RecordArguments.PARTITIONS) @Nullable List<Integer> partitions,

            @Schema(RecordArguments.KEY) @Nullable String key,

            @Schema(RecordArguments.HEADERS) @Nullable Map<String, String> headers,

            @Schema(RecordArguments.FIELDS) @Nullable Map<String, Object> fields,

            @Schema(value = "Longest time to wait", minimum = 1, maximum = 300, defaultValue = "5")
            int seconds,

            @Schema(minimum = 1, maximum = 500, defaultValue = "20", value = "Maximum records")
            int limit,

            @Schema(value = RecordArguments.MAX_BYTES, minimum = 16, maximum = 100_000, defaultValue = "2000")
            int maxBytes,

            @Schema(value = RecordArguments.UNCOMMITTED, defaultValue = "false")
            boolean uncommitted,

            @Schema(RecordArguments.CURSOR) @Nullable String cursor) {}

    private TailTopicTool() {}

    static MCPTool tool(RecordReader reader) {
        return MCPTool.builder("tail_topic", Arguments.class, RecordsResult.class)
                .title("Tail topic")
                .description(
                        "Waits for records that arrive on a topic from now on and returns them. To follow the topic"
                                + " call again with nextCursor, which loses none." + RecordArguments.UNTRUSTED)
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> reader.read(query(args), context, Duration.ofSeconds(args.seconds())))
                .build();
    }

    private static RecordQuery query(Arguments args) {
        List<Integer> partitions = RecordArguments.partitions(args.partitions());
        return new RecordQuery(
                args.topic(),
                partitions,
                new RecordQuery.Start.End(),
                null,
                new RecordFilter(args.key(), args.headers(), args.fields(), null),
                args.limit(),
                false,
                args.maxBytes(),
                MAX_SCAN_BYTES,
                RecordArguments.isolation(args.uncommitted()),
                PageCursor.of(
                        "tail_topic",
                        args.topic(),
                        partitions,
                        args.key(),
                        RecordArguments.sorted(args.headers()),
                        RecordArguments.sorted(args.fields()),
                        args.uncommitted()),
                args.cursor());
    }
}
