package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.Confirmation;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tools {@code pause_connector}, {@code resume_connector} and {@code restart_connector}. Nothing is lost by them, so the user
 * is asked only if every change must be confirmed.
 */
final class ChangeConnectorTools {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    record Arguments(
            @Schema("Name of the connector") String name,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record RestartArguments(
            @Schema("Name of the connector") String name,

            @Schema(value = "Restart only what has failed", defaultValue = "false")
            boolean onlyFailed,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Result(
            @Schema("Whether Connect accepted the change") boolean success,
            @Schema("Name") String name,

            @Schema("State a moment after the change; Connect may still be carrying it out")
            String state,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next) {}

    private ChangeConnectorTools() {}

    static List<MCPTool> all(ConnectorAccess access) {
        return List.of(
                MCPTool.builder("pause_connector", Arguments.class, Result.class)
                        .title("Pause a connector")
                        .description("Pauses a connector and its tasks, which keep their places. For a producer of this"
                                + " server, use pause_producer.")
                        .annotations(ToolAnnotations.additive().idempotent())
                        .resultHandler((args, context) ->
                                run(access, Verb.PAUSE, args.name(), args.dryRun(), args.planHash(), context))
                        .build(),
                MCPTool.builder("resume_connector", Arguments.class, Result.class)
                        .title("Resume a connector")
                        .description("Lets a connector that is paused or stopped go on where it was.")
                        .annotations(ToolAnnotations.additive().idempotent())
                        .resultHandler((args, context) ->
                                run(access, Verb.RESUME, args.name(), args.dryRun(), args.planHash(), context))
                        .build(),
                MCPTool.builder("restart_connector", RestartArguments.class, Result.class)
                        .title("Restart a connector")
                        .description("Restarts a connector and its tasks where they were, such as after a failure whose"
                                + " cause is gone; Connect does not do it by itself. Some records can be repeated.")
                        .annotations(ToolAnnotations.additive().idempotent())
                        .resultHandler((args, context) -> run(
                                access,
                                args.onlyFailed() ? Verb.RESTART_FAILED : Verb.RESTART,
                                args.name(),
                                args.dryRun(),
                                args.planHash(),
                                context))
                        .build());
    }

    private static ToolResult run(
            ConnectorAccess access,
            Verb verb,
            String name,
            boolean dryRun,
            @Nullable String planHash,
            RequestContext context)
            throws InterruptedException {
        Deadline deadline = access.deadline(context);
        Connector connector = access.require(name, context, deadline);
        if (verb != Verb.PAUSE && access.copies(connector)) {
            throw new MCPToolError(
                    KafkaErrorCode.CONNECT_ERROR,
                    "Connector '" + name
                            + "' is a producer that copies a topic. Let it go on with resume_producer, which makes"
                            + " sure that records do not go round in a circle.",
                    Map.of("name", name));
        }
        if (connector.is(ConnectProducer.STOPPED) && verb != Verb.RESUME) {
            throw new MCPToolError(
                    KafkaErrorCode.CONNECT_ERROR,
                    "Connector '" + name + "' is stopped. Let it go on with resume_connector.",
                    Map.of("name", name));
        }
        return new Confirmation(access.policy().confirmation())
                .run(new Change(access.connectors(), verb, connector, deadline), dryRun, planHash, context);
    }

    private enum Verb {
        PAUSE("pause"),
        RESUME("resume"),
        RESTART("restart"),
        RESTART_FAILED("restart what has failed of");

        private final String text;

        Verb(String text) {
            this.text = text;
        }
    }

    private record Change(Connectors connectors, Verb verb, Connector connector, Deadline deadline)
            implements PlannedChange<Result, InterruptedException> {

        @Override
        public String hash() {
            return PlanHash.of(
                    verb.name(),
                    connector.name(),
                    connector.state(),
                    connector.config().getOrDefault("connector.class", ""));
        }

        @Override
        public String question() {
            return "Shall I " + verb.text + " the " + connector.type() + " connector '" + connector.name()
                    + "' of Kafka Connect (state: " + connector.state() + ", tasks: "
                    + connector.tasks().size() + ")?";
        }

        @Override
        public boolean isDestructive() {
            return false;
        }

        @Override
        public Result preview(String planHash, String next) {
            return new Result(false, connector.name(), connector.state(), planHash, next);
        }

        @Override
        public Result apply() throws InterruptedException {
            String name = connector.name();
            switch (verb) {
                case PAUSE -> connectors.pause(name, deadline);
                case RESUME -> connectors.resume(name, deadline);
                case RESTART -> connectors.restart(name, false, deadline);
                case RESTART_FAILED -> connectors.restart(name, true, deadline);
            }
            String expected = verb == Verb.PAUSE ? ConnectProducer.PAUSED : ConnectProducer.RUNNING;
            Deadline soon = deadline.left().compareTo(LONGEST_WAIT) < 0 ? deadline : Deadline.in(LONGEST_WAIT);
            Connector now = connectors.await(name, found -> found.is(expected), soon);
            if (now == null) {
                now = connectors.find(name, deadline);
            }
            return new Result(true, name, now == null ? connector.state() : now.state(), null, null);
        }
    }
}
