package io.qicore.mcp.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that answers as a test says, like one that others wrote. */
final class ForeignServer implements AutoCloseable {

    /** How the server answers a request. */
    @FunctionalInterface
    interface Script {
        void answer(Request request) throws IOException;
    }

    static {
        // Otherwise each answer with a body waits 40 ms for an acknowledgement of its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Script script;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    ForeignServer(Script script) throws IOException {
        this.script = script;
        // The default backlog drops some of 200 connections that come at once.
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try {
                Request request =
                        new Request(exchange, exchange.getRequestBody().readAllBytes());
                requests.add(request);
                script.answer(request);
            } finally {
                exchange.close();
            }
        });
        server.start();
    }

    /** Returns a server of 2026-07-28 that answers {@code server/discover} itself. */
    static ForeignServer modern(Script others) throws IOException {
        return new ForeignServer(request -> {
            if (request.method().equals("server/discover")) {
                request.result(
                        "{\"resultType\": \"complete\", \"supportedVersions\": [\"2026-07-28\"], \"capabilities\": {}}");
            } else {
                others.answer(request);
            }
        });
    }

    /** Returns a server of an older revision that does the handshake itself. */
    static ForeignServer legacy(String version, Script others) throws IOException {
        return new ForeignServer(request -> {
            switch (request.method()) {
                case "server/discover" ->
                    request.json(
                            400,
                            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"no session\"}}");
                case "initialize" -> {
                    request.header("Mcp-Session-Id", "s-" + request.id());
                    request.result(
                            "{\"protocolVersion\": \"" + version
                                    + "\", \"capabilities\": {\"tools\": {}}, \"serverInfo\": {\"name\": \"old\", \"version\": \"1\"}}");
                }
                case "notifications/initialized" -> request.status(202);
                default -> others.answer(request);
            }
        });
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
    }

    /** The requests so far, without those of a method. */
    List<Request> requests() {
        return requests;
    }

    List<Request> requests(String method) {
        return requests.stream()
                .filter(request -> request.method().equals(method))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** One HTTP request and its answer. */
    static final class Request {

        private final HttpExchange exchange;
        private final String text;
        private final JsonNode body;
        private final Headers headers;

        Request(HttpExchange exchange, byte[] body) throws IOException {
            this.exchange = exchange;
            this.headers = exchange.getRequestHeaders();
            this.text = new String(body, StandardCharsets.UTF_8);
            this.body = text.startsWith("{") ? Json.read(body) : Json.object();
        }

        String path() {
            return exchange.getRequestURI().getPath();
        }

        String text() {
            return text;
        }

        JsonNode body() {
            return body;
        }

        /** The JSON-RPC method; that of HTTP if there is no message. */
        String method() {
            return body.has("method")
                    ? body.get("method").asText()
                    : body.has("jsonrpc") ? "response" : exchange.getRequestMethod();
        }

        JsonNode params() {
            return body.path("params");
        }

        JsonNode id() {
            return body.path("id");
        }

        String header(String name) {
            return headers.getFirst(name);
        }

        void header(String name, String value) {
            exchange.getResponseHeaders().set(name, value);
        }

        void result(String json) throws IOException {
            json(200, response(json));
        }

        String response(String json) {
            try {
                ObjectNode response = Json.object().put("jsonrpc", "2.0");
                response.set("id", id());
                response.set("result", Json.read(json.getBytes(StandardCharsets.UTF_8)));
                return response.toString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void error(int status, int code, String data) throws IOException {
            json(
                    status,
                    "{\"jsonrpc\":\"2.0\",\"id\":" + id() + ",\"error\":{\"code\":" + code
                            + ",\"message\":\"no\",\"data\":" + data + "}}");
        }

        void json(int status, String text) throws IOException {
            send(status, "application/json", text);
        }

        void send(int status, String type, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            header("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().close();
        }

        void status(int status) throws IOException {
            exchange.sendResponseHeaders(status, -1);
        }

        /** Begins an event stream. */
        OutputStream events() throws IOException {
            header("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            return exchange.getResponseBody();
        }

        void event(OutputStream out, String event) throws IOException {
            out.write(event.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }
}
