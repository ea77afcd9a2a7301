package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;

/** Makes the tool {@code get_producer_status}. */
final class GetProducerStatusTool {

    record Arguments() {}

    record Result(
            @Schema("In the order in which they were started")
            List<ProducerRow> producers) {}

    private GetProducerStatusTool() {}

    static MCPTool tool(ProducerControl control) {
        return MCPTool.builder("get_producer_status", Arguments.class, Result.class)
                .title("Get the status of producers")
                .description(
                        "Returns the state, the position and the metrics of the running producers and of those that ended"
                                + " last. Use it to see whether a producer still runs, why it failed, or how much it has written.")
                .annotations(ToolAnnotations.readOnly())
                .handler((arguments, context) -> new Result(
                        control.visible(context).stream().map(ProducerRow::of).toList()))
                .build();
    }
}
