package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.PageCursor;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the position of a call: the id of the topic and an offset of each partition. When a topic is deleted and
 * created again, its id changes.
 */
final class RecordCursor {

    private RecordCursor() {}

    static String write(PageCursor cursors, Uuid topicId, Map<Integer, Long> offsets) {
        return cursors.write(List.of(
                topicId.toString(),
                new TreeMap<>(offsets)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + ":" + entry.getValue())
                                .collect(Collectors.joining(","))));
    }

    /**
     * Returns the offset of each partition.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#TOPIC_RECREATED} if the topic is another one, with
     *     {@link StandardErrorCode#INVALID_ARGUMENT} if the text is not such a cursor
     */
    static Map<Integer, Long> read(PageCursor cursors, String cursor, String topic, Uuid topicId) {
        List<String> parts = cursors.read(cursor, 2);
        if (!parts.get(0).equals(topicId.toString())) {
            throw new MCPToolError(
                    KafkaErrorCode.TOPIC_RECREATED,
                    "Topic '" + topic + "' was deleted and created again since this cursor was returned. Call without"
                            + " cursor to start again.",
                    Map.of("topic", topic));
        }
        Map<Integer, Long> offsets = new TreeMap<>();
        for (String entry :
                parts.get(1).isEmpty() ? new String[0] : parts.get(1).split(",", -1)) {
            String[] pair = entry.split(":", -1);
            try {
                long offset = Long.parseLong(pair[1]);
                if (offset < 0 || offsets.put(Integer.valueOf(pair[0]), offset) != null) {
                    throw damaged(null);
                }
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw damaged(e);
            }
        }
        return offsets;
    }

    private static MCPToolError damaged(@Nullable Exception cause) {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "'cursor' is not a cursor of an earlier result: pass it unchanged, or call without cursor to start again.",
                Map.of("argument", "cursor"),
                cause);
    }
}
