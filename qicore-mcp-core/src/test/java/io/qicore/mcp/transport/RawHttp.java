package io.qicore.mcp.transport;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One HTTP connection of a client that does as a test wants, down to the bytes. */
public final class RawHttp implements AutoCloseable {

    private final Socket socket;

    public RawHttp(URI uri) throws IOException {
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout((int) Gate.PATIENCE.toMillis());
    }

    /** Sends a request; headers given replace those that a request needs. */
    public RawHttp send(String method, String path, Map<String, String> headers, String body) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        Map<String, String> all = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        all.put("Host", "localhost");
        all.put("Accept", "application/json, text/event-stream");
        if (bytes.length > 0) {
            all.put("Content-Type", "application/json");
            all.put("Content-Length", Integer.toString(bytes.length));
        }
        all.putAll(headers);
        all.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends text as it is. */
    public RawHttp raw(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public RawHttp bytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Everything until the server closes the connection. */
    public String readToEnd() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    public RawHttp post(Map<String, String> headers, String body) throws IOException {
        return send("POST", "/mcp", headers, body);
    }

    /** A request of MCP 2026-07-28 with the headers that go with it. */
    public RawHttp modern(String method, ObjectNode params) throws IOException {
        return modern(method, params, Map.of());
    }

    /** The same with further headers, such as credentials. */
    public RawHttp modern(String method, ObjectNode params, Map<String, String> more) throws IOException {
        Map<String, String> headers = new java.util.HashMap<>(more);
        headers.put("MCP-Protocol-Version", "2026-07-28");
        headers.put("Mcp-Method", method);
        if (params.has("name")) {
            headers.put("Mcp-Name", params.get("name").asText());
        }
        return post(headers, modernMessage(method, params));
    }

    /** A call of a tool without arguments in the way of MCP 2025-11-25. */
    public RawHttp legacyCall(String tool) throws IOException {
        return post(
                Map.of("MCP-Protocol-Version", "2025-11-25"),
                message("tools/call", Json.object().put("name", tool)));
    }

    static String modernMessage(String method, ObjectNode params) {
        ObjectNode meta =
                params.withObjectProperty("_meta").put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        meta.putObject("io.modelcontextprotocol/clientCapabilities");
        return message(method, params);
    }

    static String message(String method, ObjectNode params) {
        ObjectNode message = Json.object().put("jsonrpc", "2.0").put("id", 7).put("method", method);
        message.set("params", params);
        return message.toString();
    }

    /** What comes up to and with the text. */
    public String readUntil(String end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int read = in.read();
            if (read < 0) {
                throw new IOException("End of stream after " + text);
            }
            text.append((char) read);
        }
        return text.toString();
    }

    public int status() throws IOException {
        return Integer.parseInt(
                readUntil("\r\n").substring("HTTP/1.1 ".length()).substring(0, 3));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
