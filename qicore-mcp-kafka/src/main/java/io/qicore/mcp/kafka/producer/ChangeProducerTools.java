package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.Objects;

/** Makes the tools {@code pause_producer}, {@code resume_producer} and {@code set_producer_rate}. */
final class ChangeProducerTools {

    record Arguments(
            @Schema(value = "Id of the producer", pattern = ProducerControl.SOURCE_ID)
            String sourceId) {}

    record RateArguments(
            @Schema(value = "Id of the producer", pattern = ProducerControl.SOURCE_ID)
            String sourceId,

            @Schema(value = "Most records per second; 0 for no limit", minimum = 0, maximum = SourceTypes.MAX_RATE)
            double rate) {}

    record Result(
            @Schema("Always true; a failure is an error") boolean success,
            @Schema("Id of the producer") String sourceId,

            @Schema(
                    value = "State right after the call",
                    allowed = {"running", "paused", "retrying", "stalled", "stopped", "completed", "failed"})
            String status,

            @Schema("Most records per second; 0 for no limit")
            double rate) {

        static Result of(ProducerStatus status) {
            return new Result(
                    true,
                    status.sourceId(),
                    status.state().text(),
                    Objects.requireNonNullElse(status.metrics().rate(), 0.0));
        }
    }

    private ChangeProducerTools() {}

    static MCPTool pause(ProducerControl control) {
        return MCPTool.builder("pause_producer", Arguments.class, Result.class)
                .title("Pause a producer")
                .description(
                        "Pauses a producer: it sends nothing more and keeps its place. Use it to relieve consumers or the"
                                + " cluster for a while, and resume_producer to go on.")
                .annotations(ToolAnnotations.additive().idempotent())
                .handler((arguments, context) -> Result.of(control.command(
                        arguments.sourceId(),
                        context,
                        (runtime, timeout) -> runtime.pause(arguments.sourceId(), timeout))))
                .build();
    }

    static MCPTool resume(ProducerControl control) {
        return MCPTool.builder("resume_producer", Arguments.class, Result.class)
                .title("Resume a producer")
                .description(
                        "Lets a producer go on where it is: one that is paused, has failed or was stopped, or waits for its"
                                + " next retry. To begin anew, use start_producer.")
                .annotations(ToolAnnotations.additive().idempotent())
                .handler((arguments, context) ->
                        Result.of(control.command(arguments.sourceId(), context, (runtime, timeout) -> {
                            CopyLoops.requireNone(arguments.sourceId(), runtime.status(timeout));
                            ProducerStatus resumed = runtime.resume(arguments.sourceId(), timeout);
                            CopyLoops.stopIfAny(runtime, resumed, timeout);
                            return resumed;
                        })))
                .build();
    }

    static MCPTool setRate(ProducerControl control) {
        return MCPTool.builder("set_producer_rate", RateArguments.class, Result.class)
                .title("Set the rate of a producer")
                .description(
                        "Changes how many records a producer sends per second at most, while it runs. The change lasts"
                                + " until the producer is started anew.")
                .annotations(ToolAnnotations.additive().idempotent())
                .handler((arguments, context) -> Result.of(control.command(
                        arguments.sourceId(),
                        context,
                        (runtime, timeout) -> runtime.setRate(arguments.sourceId(), arguments.rate(), timeout))))
                .build();
    }
}
