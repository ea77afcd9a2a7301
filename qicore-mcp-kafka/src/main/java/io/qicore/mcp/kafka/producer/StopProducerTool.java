package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.producer.runtime.ProducerMetrics;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code stop_producer}. */
final class StopProducerTool {

    record Arguments(
            @Schema(value = "Id of the producer", pattern = ProducerControl.SOURCE_ID)
            String sourceId) {}

    record Result(
            @Schema("Always true; a failure is an error") boolean success,
            @Schema("Id of the producer") String sourceId,

            @Schema(
                    value = "stopped; or completed or failed if it had already ended",
                    allowed = {"stopped", "completed", "failed"})
            String status,

            @Schema(
                    "Where its source stopped: pass it as position in config to go on there. Absent if it is not known at the"
                            + " moment")
            @Nullable
            Map<String, Object> position,

            @Schema("Final metrics") ProducerMetrics metrics) {

        static Result of(ProducerStatus status) {
            return new Result(
                    true,
                    status.sourceId(),
                    status.state().text(),
                    status.position() == null ? null : status.position().values(),
                    status.metrics());
        }
    }

    private StopProducerTool() {}

    static MCPTool tool(ProducerControl control) {
        return MCPTool.builder("stop_producer", Arguments.class, Result.class)
                .title("Stop a producer")
                .description(
                        "Stops a producer once Kafka has acknowledged the records that it has sent, and returns its"
                                + " final metrics. The records stay in the topic. A producer that has already ended is left as it"
                                + " is. To interrupt it only for a while, use pause_producer.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .handler((arguments, context) -> Result.of(control.command(
                        arguments.sourceId(),
                        context,
                        (runtime, timeout) -> runtime.stop(arguments.sourceId(), timeout))))
                .build();
    }
}
