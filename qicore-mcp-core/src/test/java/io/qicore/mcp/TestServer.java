package io.qicore.mcp;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.transport.ServerTransport;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A server whose tools do what a test needs: answer, fail, crash, wait. */
public final class TestServer extends StatelessMCPServer {

    public record Text(String text) {}

    public record Size(int size) {}

    public record Nothing() {}

    private final Gate gate;
    private final List<MCPTool> tools;

    public TestServer() {
        this("test-server");
    }

    public TestServer(String name) {
        this(new ServerInfo(name, "1.2.3", "Test server", "Only for tests."), ServerSettings.defaults(), new Gate());
    }

    private TestServer(ServerInfo info, ServerSettings settings, Gate gate) {
        this(info, settings, gate, tools(gate));
    }

    private TestServer(ServerInfo info, ServerSettings settings, Gate gate, List<MCPTool> tools) {
        super(info, settings);
        this.gate = gate;
        this.tools = List.copyOf(tools);
    }

    public static TestServer of(String name, List<MCPTool> tools) {
        return new TestServer(new ServerInfo(name, "1.2.3"), ServerSettings.defaults(), new Gate(), tools);
    }

    /** Returns a new server with the tools and the gate of this one, and the given settings. */
    public TestServer with(ServerSettings.Builder settings) {
        return new TestServer(info(), settings.build(), gate, tools);
    }

    /** Returns a new server with the tools, the gate and the settings of this one, started on the given transport. */
    public TestServer started(ServerTransport transport) {
        TestServer server = with(settings().toBuilder().transport(transport));
        server.start();
        return server;
    }

    /** Where calls of {@code wait} and {@code wait_stubbornly} are. */
    public Gate gate() {
        return gate;
    }

    @Override
    public List<MCPTool> tools() {
        return tools;
    }

    /** The tools, with their waiting ones at the given gate. */
    public static List<MCPTool> tools(Gate gate) {
        return List.of(
                MCPTool.builder("echo", Text.class, Text.class)
                        .title("Echo")
                        .description("Says the same.")
                        .annotations(ToolAnnotations.readOnly())
                        .handler((text, context) -> text)
                        .build(),
                MCPTool.builder("echo_async", Text.class, Text.class)
                        .description("Says the same, from another thread.")
                        .asyncHandler((text, context) -> CompletableFuture.supplyAsync(() -> text))
                        .build(),
                MCPTool.builder("echo_json", Json.object().put("type", "object"))
                        .description("Says any JSON in 'value', whatever it is.")
                        .handler((arguments, context) -> arguments.path("value"))
                        .build(),
                MCPTool.builder("repeat", Size.class, Text.class)
                        .description("Says a lot.")
                        .handler((size, context) -> new Text("x".repeat(size.size())))
                        .build(),
                MCPTool.builder("fail", Text.class, Text.class)
                        .description("Fails in a way that an agent understands.")
                        .handler((text, context) -> {
                            throw new MCPToolError(
                                    "OUT_OF_LUCK",
                                    text.text(),
                                    Map.of("text", text.text()),
                                    true,
                                    new IllegalStateException("secret cause"));
                        })
                        .build(),
                MCPTool.builder("crash", Nothing.class, Text.class)
                        .description("Fails unexpectedly.")
                        .handler((nothing, context) -> {
                            throw new IllegalStateException("secret password");
                        })
                        .build(),
                MCPTool.builder("wait", Nothing.class, Text.class)
                        .description("Waits at the gate.")
                        .handler((nothing, context) -> {
                            gate.pass();
                            return new Text("waited");
                        })
                        .build(),
                MCPTool.builder("wait_stubbornly", Nothing.class, Text.class)
                        .description("Waits at the gate and does not listen to interrupts.")
                        .handler((nothing, context) -> {
                            gate.passStubbornly();
                            return new Text("waited");
                        })
                        .build(),
                MCPTool.builder("never", Nothing.class, Text.class)
                        .description("Never ends and holds no thread.")
                        .asyncHandler((nothing, context) -> new CompletableFuture<>())
                        .build());
    }
}
