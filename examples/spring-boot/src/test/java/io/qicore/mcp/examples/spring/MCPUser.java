package io.qicore.mcp.examples.spring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Sends requests of MCP 2026-07-28 with the credentials of a user. */
final class MCPUser {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI endpoint;
    private final String credentials;

    MCPUser(int port, String name, String password) {
        this.endpoint = URI.create("http://127.0.0.1:" + port + MCPConfiguration.PATH);
        this.credentials = Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    JsonNode listTools() throws Exception {
        return send(request("tools/list", Map.of()));
    }

    JsonNode call(String tool, Map<String, ?> arguments) throws Exception {
        return send(request("tools/call", Map.of("name", tool, "arguments", arguments))
                .header("Mcp-Name", tool));
    }

    /** Opens a subscription, and returns when the server has acknowledged it. */
    BufferedReader listen() throws Exception {
        HttpRequest.Builder request =
                request("subscriptions/listen", Map.of("notifications", Map.of("toolsListChanged", true)));
        HttpResponse<InputStream> answer =
                http.send(authorized(request).build(), HttpResponse.BodyHandlers.ofInputStream());
        BufferedReader stream = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        for (String line = stream.readLine(); line != null; line = stream.readLine()) {
            if (line.contains("acknowledged")) {
                return stream;
            }
        }
        throw new IOException("The subscription is not acknowledged; the status is " + answer.statusCode());
    }

    HttpRequest.Builder authorized(HttpRequest.Builder request) {
        return request.header("Authorization", "Basic " + credentials);
    }

    HttpRequest.Builder request(String method, Map<String, ?> parameters) throws IOException {
        ObjectNode message =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        ObjectNode params = message.putObject("params");
        parameters.forEach((name, value) -> params.set(name, JSON.valueToTree(value)));
        ObjectNode meta = params.putObject("_meta");
        meta.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        meta.putObject("io.modelcontextprotocol/clientCapabilities");
        return HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", method)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(message)));
    }

    HttpResponse<String> exchange(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode send(HttpRequest.Builder request) throws Exception {
        return JSON.readTree(exchange(authorized(request)).body());
    }
}
