package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code get_connector_status}. */
final class GetConnectorStatusTool {

    private static final int MAX_TASKS = 100;

    record Arguments(@Schema("Name of the connector") String name) {}

    record TaskRow(
            @Schema("Id") int id,

            @Schema("RUNNING, PAUSED, FAILED, RESTARTING or UNASSIGNED")
            String state,

            @Schema("The worker that runs it; absent if none does") @Nullable
            String worker,

            @Schema("Why it failed; absent if it has not") @Nullable
            String error) {}

    record Result(
            @Schema("Name") String name,
            @Schema("source or sink") String type,

            @Schema("RUNNING, PAUSED, STOPPED, FAILED, RESTARTING or UNASSIGNED")
            String state,

            @Schema("The worker that runs the connector itself; absent if none does") @Nullable
            String worker,

            @Schema("Why the connector itself failed; absent if it has not") @Nullable
            String error,

            @Schema("Its tasks; at most 100, those that failed first")
            List<TaskRow> tasks,

            @Schema("Its config. *** for values that are not known to be harmless; references to secrets are shown")
            Map<String, String> config) {}

    private GetConnectorStatusTool() {}

    static MCPTool tool(ConnectorAccess access) {
        return MCPTool.builder("get_connector_status", Arguments.class, Result.class)
                .title("Get the status of a connector")
                .description(
                        "Returns the state of a connector and of each task, why it failed, and its config without secrets.")
                .annotations(ToolAnnotations.readOnly())
                .handler((arguments, context) -> status(access, arguments, context))
                .build();
    }

    private static Result status(ConnectorAccess access, Arguments arguments, RequestContext context)
            throws InterruptedException {
        Deadline deadline = access.deadline(context);
        Connector connector = access.require(arguments.name(), context, deadline);
        Map<String, String> types =
                access.connectors().definitions(connector.config().getOrDefault("connector.class", ""), deadline);
        List<String> secrets = ConfigMask.hiddenValues(connector.config());
        return new Result(
                connector.name(),
                connector.type(),
                connector.state(),
                connector.worker(),
                connector.trace() == null ? null : Traces.summary(connector.trace(), secrets),
                connector.tasks().stream()
                        .map(task -> new TaskRow(
                                task.id(),
                                task.state(),
                                task.worker(),
                                task.trace() == null ? null : Traces.summary(task.trace(), secrets)))
                        // A stable sort: otherwise by id.
                        .sorted((a, b) -> Boolean.compare(b.error() != null, a.error() != null))
                        .limit(MAX_TASKS)
                        .toList(),
                ConfigMask.visible(connector.config(), types));
    }
}
