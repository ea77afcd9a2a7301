package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes the tool {@code list_connectors}. */
final class ListConnectorsTool {

    private static final int MAX_ROWS = 200;

    record Arguments(
            @Schema("Return only connectors whose names contain this, in any case") @Nullable
            String nameContains) {}

    record Row(
            @Schema("Name") String name,
            @Schema("source or sink") String type,
            @Schema("Class of its plugin") String connectorClass,

            @Schema("RUNNING, PAUSED, STOPPED, FAILED, RESTARTING or UNASSIGNED")
            String state,

            @Schema("Number of its tasks") int tasks,

            @Schema("Number of tasks that have failed; absent if none") @Nullable
            Integer failedTasks) {}

    record Result(
            @Schema("By name") List<Row> connectors,
            @Schema("Number of connectors that match") int total,

            @Schema("true if there are more than are returned; narrow nameContains then") @Nullable
            Boolean truncated) {}

    private ListConnectorsTool() {}

    static MCPTool tool(ConnectorAccess access) {
        return MCPTool.builder("list_connectors", Arguments.class, Result.class)
                .title("List connectors")
                .description(
                        "Returns the connectors of the Kafka Connect cluster with their states, also those that are not"
                                + " producers of this server. get_connector_status says why one fails.")
                .annotations(ToolAnnotations.readOnly())
                .handler((arguments, context) -> list(access, arguments, context))
                .build();
    }

    private static Result list(ConnectorAccess access, Arguments arguments, RequestContext context)
            throws InterruptedException {
        String part =
                arguments.nameContains() == null ? "" : arguments.nameContains().toLowerCase(Locale.ROOT);
        List<Row> rows = access.visible(context, access.deadline(context)).stream()
                .filter(connector -> connector.name().toLowerCase(Locale.ROOT).contains(part))
                .map(ListConnectorsTool::row)
                .toList();
        return new Result(
                rows.subList(0, Math.min(rows.size(), MAX_ROWS)), rows.size(), rows.size() > MAX_ROWS ? true : null);
    }

    private static Row row(Connector connector) {
        int failed = (int) connector.tasks().stream()
                .filter(task -> task.state().equals("FAILED"))
                .count();
        return new Row(
                connector.name(),
                connector.type(),
                connector.config().getOrDefault("connector.class", "unknown"),
                connector.state(),
                connector.tasks().size(),
                failed == 0 ? null : failed);
    }
}
