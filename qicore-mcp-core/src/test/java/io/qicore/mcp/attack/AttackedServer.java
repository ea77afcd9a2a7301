package io.qicore.mcp.attack;

import io.qicore.mcp.TestServer;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.policy.AuditEvent;
import io.qicore.mcp.policy.AuditLog;
import io.qicore.mcp.policy.AuditSink;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.task.InMemoryTaskStore;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.transport.ServerTransport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server with something of every kind to steal. What has been reached is said by {@link #LOOT}. */
final class AttackedServer extends StatelessMCPServer {

    /** Is in every answer that an attack must not get. */
    static final String LOOT = "LOOT-OF-THE-ATTACK";

    private static final Logger log = LoggerFactory.getLogger(AttackedServer.class);

    record Sure(boolean sure) {}

    /** What the server has recorded. */
    final List<AuditEvent> audit;

    private AttackedServer(ServerSettings settings, List<AuditEvent> audit) {
        super(new ServerInfo("attacked", "1.0"), settings);
        this.audit = audit;
    }

    /** Starts a server on some transports. */
    static AttackedServer started(ToolRights rights, ServerTransport... transports) {
        List<AuditEvent> audit = new CopyOnWriteArrayList<>();
        AttackedServer server = new AttackedServer(
                ServerSettings.builder()
                        .interceptor(AuditLog.to(AuditSink.slf4j()))
                        .interceptor(AuditLog.to(event -> {
                            audit.add(event);
                            log.trace("{}", event);
                        }))
                        .interceptor(rights)
                        .pageSize(1)
                        .taskStore(new InMemoryTaskStore())
                        .transports(List.of(transports))
                        .build(),
                audit);
        server.start();
        return server;
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(
                tool("look", ToolAnnotations.readOnly()),
                tool("destroy", ToolAnnotations.destructive()),
                tool("watch", ToolAnnotations.readOnly()),
                MCPTool.builder("ask", TestServer.Nothing.class, TestServer.Text.class)
                        .description("Asks before it tells.")
                        .annotations(ToolAnnotations.readOnly())
                        .resultHandler((nothing, context) ->
                                context.inputs().elicitation("sure").isPresent()
                                        ? ToolResult.of(new TestServer.Text(LOOT))
                                        : ToolResult.inputRequired(InputRequests.builder()
                                                .elicit("sure", Elicitation.form("Sure?", Sure.class))
                                                .state(new TestServer.Text("state"))
                                                .build()))
                        .build(),
                MCPTool.builder("work", TestServer.Nothing.class, TestServer.Text.class)
                        .description("Works as a task that does not end.")
                        .annotations(ToolAnnotations.readOnly())
                        .resultHandler((nothing, context) -> ToolResult.task(task -> {
                            task.progress(1, 2.0, LOOT);
                            new CompletableFuture<Void>().get();
                            return ToolResult.of(new TestServer.Text(LOOT));
                        }))
                        .build());
    }

    private static MCPTool tool(String name, ToolAnnotations annotations) {
        return MCPTool.builder(name, TestServer.Nothing.class, TestServer.Text.class)
                .description("Tells it.")
                .annotations(annotations)
                .handler((nothing, context) -> {
                    log.trace("{} calls {} by {}", context.caller(), name, context);
                    return new TestServer.Text(LOOT);
                })
                .build();
    }

    @Override
    public List<MCPResource> resources() {
        return List.of(
                MCPResource.of("loot://file", "Loot")
                        .reader((uri, variables, context) -> ResourceResult.text(LOOT))
                        .watcher((uri, caller, changed) -> {
                            changed.run();
                            return () -> {};
                        })
                        .build(),
                MCPResource.template("loot://{name}", "Loot by name")
                        .reader((uri, variables, context) -> ResourceResult.text(LOOT))
                        .completer("name", (typed, others, context) -> List.of(LOOT))
                        .build());
    }

    @Override
    public List<MCPPrompt> prompts() {
        return List.of(MCPPrompt.builder("plan")
                .description("A prompt.")
                .argument("a", "An argument", false)
                .completer("a", (typed, others, context) -> List.of(LOOT))
                .handler((arguments, context) -> PromptResult.user(LOOT))
                .build());
    }
}
