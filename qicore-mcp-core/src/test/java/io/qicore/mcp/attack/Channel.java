package io.qicore.mcp.attack;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.MessageConnection;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.transport.RawHttp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What one principal sends and receives on some transport. */
abstract class Channel {

    /** The HTTP status of the last answer; 0 if it had none. */
    int status;

    /** The challenge of the last answer; empty if it had none. */
    String challenge = "";

    /** The first message that comes for a request: its answer, or the first notification of a subscription, which is left then. */
    abstract JsonNode send(String message) throws Exception;

    /** The same for a client of an older revision. */
    abstract JsonNode sendOld(String version, String message) throws Exception;

    abstract void close() throws Exception;

    static Channel overHttp(URI uri, String token) {
        return new OverHttp(uri, token);
    }

    static Channel overSse(URI uri, String token) throws IOException {
        return new OverSse(uri, token);
    }

    /** A channel on streams, with a message on each line. */
    static Channel on(InputStream in, OutputStream out) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> {
            try (BufferedReader reading = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = reading.readLine(); line != null; line = reading.readLine()) {
                    lines.add(line);
                }
            } catch (IOException closed) {
                lines.add("closed");
            }
        });
        reader.setDaemon(true);
        reader.start();
        return new Lines(lines) {
            @Override
            void write(String message) throws IOException {
                out.write((message + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }

            @Override
            void close() throws IOException {
                out.close();
            }
        };
    }

    /** A channel into an engine of this JVM. */
    static Channel into(MCPEngine engine, Caller caller) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        MessageConnection connection = new MessageConnection(
                engine, Runnable::run, caller, bytes -> lines.add(new String(bytes, StandardCharsets.UTF_8)));
        return new Lines(lines) {
            @Override
            void write(String message) {
                connection.receive(message.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            void close() {
                connection.disconnected();
            }
        };
    }

    private static String initialize(String version) {
        return "{\"jsonrpc\": \"2.0\", \"id\": 0, \"method\": \"initialize\", \"params\": {\"protocolVersion\": \""
                + version + "\", \"capabilities\": {}, \"clientInfo\": {\"name\": \"a\", \"version\": \"1\"}}}";
    }

    /** A channel on which messages come one after the other. */
    private abstract static class Lines extends Channel {

        private final BlockingQueue<String> lines;
        private String initialized = "";
        private int ids = 100;

        Lines(BlockingQueue<String> lines) {
            this.lines = lines;
        }

        abstract void write(String message) throws Exception;

        @Override
        JsonNode send(String message) throws Exception {
            lines.clear();
            // A subscription that was left keeps its id.
            String id = "\"id\": " + ++ids + ",";
            write(message.replace('\n', ' ').replaceFirst("^(\\{.*?)\"id\": [01],", "$1" + id));
            while (true) {
                String line = lines.poll(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                JsonNode answer = Json.MAPPER.readTree(line == null ? "{\"silence\": true}" : line);
                boolean ofAnother = answer.has("method") && !line.contains("subscriptions/acknowledged");
                if (!ofAnother) {
                    return answer;
                }
            }
        }

        @Override
        JsonNode sendOld(String version, String message) throws Exception {
            if (!initialized.equals(version)) {
                send(initialize(version));
                initialized = version;
            }
            return send(message);
        }
    }

    private static final class OverHttp extends Channel {

        private final URI uri;
        private final String token;

        OverHttp(URI uri, String token) {
            this.uri = uri;
            this.token = token;
        }

        @Override
        JsonNode send(String message) throws Exception {
            JsonNode json = Json.MAPPER.readTree(message);
            Map<String, String> headers = new HashMap<>();
            headers.put("MCP-Protocol-Version", "2026-07-28");
            headers.put("Mcp-Method", json.path("method").asText());
            for (String name : List.of("name", "uri", "taskId")) {
                if (json.path("params").has(name)) {
                    headers.put("Mcp-Name", json.path("params").path(name).asText());
                }
            }
            return exchange(headers, message);
        }

        @Override
        JsonNode sendOld(String version, String message) throws Exception {
            return exchange(Map.of("MCP-Protocol-Version", version), message);
        }

        private JsonNode exchange(Map<String, String> more, String message) throws Exception {
            Map<String, String> headers = new HashMap<>(more);
            headers.put("Authorization", "Bearer " + token);
            headers.put("Connection", "close");
            try (RawHttp client = new RawHttp(uri).post(headers, message)) {
                String head = client.readUntil("\r\n\r\n");
                status = HttpVictim.status(head);
                challenge = head.lines()
                        .filter(line -> line.regionMatches(true, 0, "WWW-Authenticate:", 0, 17))
                        .findFirst()
                        .orElse("");
                if (head.toLowerCase(java.util.Locale.ROOT).contains("text/event-stream")) {
                    String event = client.readUntil("\n\n");
                    return Json.MAPPER.readTree(event.substring(event.indexOf("data: ") + 6));
                }
                return Json.MAPPER.readTree(client.readToEnd());
            }
        }

        @Override
        void close() {}
    }

    private static final class OverSse extends Channel {

        private final URI uri;
        private final String token;
        private RawHttp stream;
        private String path = "";
        private String initialized = "";

        OverSse(URI uri, String token) throws IOException {
            this.uri = uri;
            this.token = token;
            this.stream = open();
        }

        private RawHttp open() throws IOException {
            RawHttp opened = new RawHttp(uri).send("GET", "/sse", Map.of("Authorization", "Bearer " + token), "");
            String head = opened.readUntil("\n\n");
            path = head.substring(head.indexOf("data: ") + 6).strip();
            return opened;
        }

        @Override
        JsonNode send(String message) throws Exception {
            // A new stream, so that nothing of a request before it comes.
            stream.close();
            stream = open();
            initialized = "";
            return exchange(message);
        }

        private JsonNode exchange(String message) throws Exception {
            try (RawHttp client = new RawHttp(uri)) {
                int accepted = client.send("POST", path, Map.of("Authorization", "Bearer " + token), message)
                        .status();
                if (accepted != 202) {
                    status = accepted;
                    return Json.object();
                }
            }
            List<String> events = new ArrayList<>();
            do {
                events.add(stream.readUntil("\n\n"));
            } while (!events.get(events.size() - 1).contains("data: "));
            String event = events.get(events.size() - 1);
            return Json.MAPPER.readTree(event.substring(event.indexOf("data: ") + 6));
        }

        @Override
        JsonNode sendOld(String version, String message) throws Exception {
            if (!initialized.equals(version)) {
                send(initialize(version));
                initialized = version;
            }
            return exchange(message);
        }

        @Override
        void close() throws IOException {
            stream.close();
        }
    }
}
