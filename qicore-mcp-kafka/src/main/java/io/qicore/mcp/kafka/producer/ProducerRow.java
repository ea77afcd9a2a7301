package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.producer.runtime.ProducerMetrics;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.tool.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One producer, as agents see it. */
record ProducerRow(
        @Schema("Id of the producer") String sourceId,

        @Schema(
                value = "State. stalled: Kafka does not acknowledge its records. retrying: it failed and starts again"
                        + " by itself",
                allowed = {"running", "paused", "retrying", "stalled", "stopped", "completed", "failed"})
        String status,

        @Schema("Type of its source") String type,
        @Schema("Topic that it writes to") String topic,

        @Schema("Topics that its source reads; absent if none") @Nullable
        List<String> topicsRead,

        @Schema(
                "Where its source is: behind the last record that is acknowledged with all before it. Pass it as position in"
                        + " config to go on there. Absent if it has more than 50 values, which stop_producer returns, or is not known at the moment")
        @Nullable
        Map<String, Object> position,

        @Schema("Metrics since its start") ProducerMetrics metrics) {

    private static final int MAX_VALUES = 50;

    static ProducerRow of(ProducerStatus status) {
        SourcePosition position = status.position();
        return new ProducerRow(
                status.sourceId(),
                status.state().text(),
                status.type(),
                status.topic(),
                status.topicsRead().isEmpty() ? null : status.topicsRead(),
                position == null || position.values().size() > MAX_VALUES ? null : position.values(),
                status.metrics());
    }
}
