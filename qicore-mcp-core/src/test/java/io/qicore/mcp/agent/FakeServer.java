package io.qicore.mcp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A server in this JVM whose tools take note of their calls and answer what the test says. */
final class FakeServer implements AutoCloseable {

    /** Calls as {@code tool {arguments}}, shared by the servers of a test. */
    private final List<String> calls;

    private final Map<String, Supplier<Object>> answers = new ConcurrentHashMap<>();
    private final TestServer server;
    private final MCPClient client;

    FakeServer(List<String> calls, String... tools) throws Exception {
        this.calls = calls;
        this.server = TestServer.of("fake", Stream.of(tools).map(this::tool).toList());
        server.initialize();
        this.client = MCPClient.inProcess(server);
    }

    static List<String> calls() {
        return new CopyOnWriteArrayList<>();
    }

    private MCPTool tool(String name) {
        return MCPTool.builder(name, Json.object().put("type", "object"))
                .description("Fake.")
                .handler((arguments, context) -> {
                    calls.add(name + " " + sorted(arguments));
                    return answers.getOrDefault(name, Json::object).get();
                })
                .build();
    }

    static String sorted(JsonNode json) throws IOException {
        return Json.MAPPER
                .writer()
                .with(com.fasterxml.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .writeValueAsString(Json.MAPPER.treeToValue(json, Object.class));
    }

    void answer(String tool, String json) {
        answers.put(tool, () -> {
            try {
                return Json.MAPPER.readTree(json);
            } catch (IOException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    void fail(String tool, String code) {
        answers.put(tool, () -> {
            throw new MCPToolError(code, "failed");
        });
    }

    MCPClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        server.cleanup();
    }
}
