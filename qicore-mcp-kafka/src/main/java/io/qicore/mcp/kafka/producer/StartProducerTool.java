package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.internal.admin.CallTime;
import io.qicore.mcp.kafka.producer.runtime.ProducerRuntime;
import io.qicore.mcp.kafka.producer.runtime.ProducerState;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code start_producer}. */
final class StartProducerTool {

    record Arguments(
            @Schema(value = "Id for the producer, by which it is controlled later", pattern = ProducerControl.SOURCE_ID)
            String sourceId,

            @Schema(
                    "Settings of the producer; list_source_types has their schema. All have defaults, unless the type says"
                            + " otherwise")
            @Nullable
            ObjectNode config) {}

    record Result(
            @Schema("Always true; a failure is an error") boolean success,
            @Schema("Id of the producer") String sourceId,

            @Schema(
                    value = "Always running; get_producer_status returns the state from then on",
                    allowed = {"running"})
            String status,

            @Schema("Type of its source") String type,
            @Schema("Topic that it writes to") String topic) {}

    private StartProducerTool() {}

    static MCPTool tool(ProducerControl control, SourceTypes types) {
        return MCPTool.builder("start_producer", Arguments.class, Result.class)
                .title("Start a producer")
                .description(
                        "Starts a producer that writes the records of a source to a Kafka topic, and returns as soon as it"
                                + " runs. The topic must exist. config has type (" + String.join(", ", types.names())
                                + "; default " + SourceTypes.DEFAULT_TYPE
                                + "), topic, rate (records per second) and the settings of the type: look them up with"
                                + " list_source_types. The same call again changes nothing, or resumes the producer if it is"
                                + " paused; one that has ended begins anew. Observe it with get_producer_status.")
                .annotations(ToolAnnotations.additive().idempotent())
                .handler((arguments, context) -> start(control, arguments, context))
                .build();
    }

    private static Result start(ProducerControl control, Arguments arguments, RequestContext context)
            throws InterruptedException {
        ProducerRuntime runtime = control.runtime().get();
        ObjectNode config = arguments.config() == null ? JsonNodeFactory.instance.objectNode() : arguments.config();
        SourceSpec spec = runtime.read(config);
        ProducerPermissions permissions = control.permissions(context);
        permissions.requireStart(spec, config);
        if (!spec.topicsRead().isEmpty()) {
            CopyLoops.requireNone(spec, runtime.status(CallTime.toWait(context)));
        }
        ProducerStatus status;
        try {
            status = runtime.start(arguments.sourceId(), spec, CallTime.toWait(context));
            CopyLoops.stopIfAny(runtime, status, CallTime.toWait(context));
        } catch (MCPToolError e) {
            throw permissions.everyTopic()
                    ? e
                    : permissions.withoutHidden(e, arguments.sourceId(), runtime.status(CallTime.toWait(context)));
        }
        // It has started, even if its source has ended since.
        return new Result(true, status.sourceId(), ProducerState.RUNNING.text(), status.type(), status.topic());
    }
}
