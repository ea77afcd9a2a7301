package io.qicore.mcp.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A client of MCP 2026-07-28 over HTTP that can do what a test says. */
final class HttpCaller {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI server;
    private final Map<String, ?> capabilities;

    private HttpCaller(URI server, Map<String, ?> capabilities) {
        this.server = server;
        this.capabilities = capabilities;
    }

    /** One that can do nothing for the server. */
    static HttpCaller plain(URI server) {
        return new HttpCaller(server, Map.of());
    }

    /** One that can show forms to its user. */
    static HttpCaller withForms(URI server) {
        return new HttpCaller(server, Map.of("elicitation", Map.of()));
    }

    /** The result of a request. */
    JsonNode request(String method, Map<String, ?> params) throws Exception {
        var answer = http.send(message(method, params, PATIENCE), BodyHandlers.ofLines());
        try (Stream<String> lines = answer.body()) {
            JsonNode last = lines.filter(line -> line.startsWith("data:") || line.startsWith("{"))
                    .map(line -> parse(line.startsWith("{") ? line : line.substring("data:".length())))
                    .reduce((first, second) -> second)
                    .orElseThrow();
            if (!last.has("result")) {
                throw new IllegalStateException(last.toString());
            }
            return last.get("result");
        }
    }

    JsonNode callTool(String name, Map<String, ?> arguments) throws Exception {
        return request("tools/call", Map.of("name", name, "arguments", arguments));
    }

    /** The same call again with what the user answered to its only question. */
    JsonNode answer(JsonNode asked, String name, Map<String, ?> arguments, Map<String, ?> answer) throws Exception {
        String question = asked.path("inputRequests").fieldNames().next();
        return request(
                "tools/call",
                Map.of(
                        "name",
                        name,
                        "arguments",
                        arguments,
                        "inputResponses",
                        Map.of(question, answer),
                        "requestState",
                        asked.path("requestState").textValue()));
    }

    /** Subscribes; what comes is read until it is closed. */
    Listening listen(String... uris) throws Exception {
        var request = message(
                "subscriptions/listen",
                Map.of("notifications", Map.of("resourceSubscriptions", List.of(uris))),
                Duration.ofMinutes(5));
        return new Listening(http.send(request, BodyHandlers.ofInputStream()).body());
    }

    private HttpRequest message(String method, Map<String, ?> params, Duration timeout) throws Exception {
        Map<String, Object> all = new LinkedHashMap<>(params);
        all.put(
                "_meta",
                Map.of(
                        "io.modelcontextprotocol/protocolVersion",
                        "2026-07-28",
                        "io.modelcontextprotocol/clientCapabilities",
                        capabilities));
        ObjectNode message =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        message.set("params", JSON.valueToTree(all));
        var builder = HttpRequest.newBuilder(server)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", method);
        if (params.containsKey("name")) {
            builder.header("Mcp-Name", params.get("name").toString());
        }
        return builder.POST(HttpRequest.BodyPublishers.ofString(message.toString()))
                .build();
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(text, e);
        }
    }

    /** An open stream of notifications. */
    static final class Listening implements AutoCloseable {

        private final InputStream body;
        private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
        private volatile boolean ended;

        private Listening(InputStream body) {
            this.body = body;
            Thread reader = new Thread(this::read, "test-listener");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                lines.lines()
                        .filter(line -> line.startsWith("data:") && line.contains("{"))
                        .forEach(line -> messages.add(parse(line.substring("data:".length()))));
            } catch (IOException | UncheckedIOException e) {
                // Closed by this test.
                ended = true;
            }
            ended = true;
        }

        boolean acknowledged() {
            return count("notifications/subscriptions/acknowledged") == 1;
        }

        /** How often each resource was said to have changed. */
        Map<String, Integer> updates() {
            Map<String, Integer> updates = new LinkedHashMap<>();
            messages.stream()
                    .filter(message -> message.path("method").asText().equals("notifications/resources/updated"))
                    .forEach(message -> updates.merge(message.at("/params/uri").asText(), 1, Integer::sum));
            return updates;
        }

        boolean ended() {
            return ended;
        }

        private long count(String method) {
            return messages.stream()
                    .filter(message -> message.path("method").asText().equals(method))
                    .count();
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}
