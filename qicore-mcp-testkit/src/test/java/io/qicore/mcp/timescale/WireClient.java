package io.qicore.mcp.timescale;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.server.StatelessMCPServer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Sends messages of MCP 2026-07-28 to a server as a client that can show forms to its user. */
final class WireClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final StatelessMCPServer server;

    WireClient(StatelessMCPServer server) {
        this.server = server;
    }

    /** The result of a request. */
    JsonNode request(String method, Map<String, ?> params) throws Exception {
        ObjectNode message =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        ObjectNode sent = message.putObject("params");
        sent.setAll((ObjectNode) JSON.valueToTree(params));
        ObjectNode meta = sent.putObject("_meta");
        meta.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        meta.putObject("io.modelcontextprotocol/clientCapabilities").putObject("elicitation");
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        server.engine().handle(message, CallMetadata.none(), reply -> answer.complete(reply.message()));
        JsonNode reply = answer.get(20, SECONDS);
        if (reply.has("error")) {
            throw new IllegalStateException(reply.toString());
        }
        return reply.path("result");
    }

    /** The result of a tool call in which the user answers the only question. */
    JsonNode callAndAnswer(String tool, Map<String, ?> arguments, boolean proceed) throws Exception {
        JsonNode asked = request("tools/call", Map.of("name", tool, "arguments", arguments));
        Map<String, ?> answer = Map.of("action", "accept", "content", Map.of("proceed", proceed));
        return request(
                "tools/call",
                Map.of(
                        "name",
                        tool,
                        "arguments",
                        arguments,
                        "inputResponses",
                        Map.of("confirm", answer),
                        "requestState",
                        asked.path("requestState").asText()));
    }
}
