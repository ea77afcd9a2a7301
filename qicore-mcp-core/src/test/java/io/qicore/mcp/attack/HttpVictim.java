package io.qicore.mcp.attack;

import io.qicore.mcp.Gate;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.transport.RawHttp;
import io.qicore.mcp.transport.servlet.HttpServing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A server that is attacked over HTTP. */
final class HttpVictim {

    static final String CALL = """
            {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"look","arguments":{}}}""";

    /** How long the server may be silent after an answer. It would answer a smuggled request at once. */
    private static final int SILENCE_MS = Integer.getInteger("qicore.attack.silence", 250);

    private final Surface surface;
    private final HttpServing.Running running;
    private final RawHttp stream;

    /** The endpoint that takes messages. */
    final String path;

    final AttackedServer server;

    /** @param owner the header with good credentials, of the owner of the HTTP+SSE stream */
    HttpVictim(Surface surface, HttpAuthenticator authenticator, ToolRights rights, Map<String, String> owner)
            throws Exception {
        this.surface = surface;
        this.running = surface.serving.start(
                transport -> AttackedServer.started(rights, transport),
                HttpAccess.builder().authenticator(authenticator).build(),
                Duration.ofMinutes(1));
        this.server = (AttackedServer) running.server();
        this.stream = new RawHttp(running.uri());
        if (surface == Surface.HTTP_SSE) {
            String head = stream.send("GET", "/sse", owner, "").readUntil("\n\n");
            path = head.substring(head.indexOf("data: ") + "data: ".length()).strip();
        } else {
            path = "/mcp";
        }
    }

    URI uri() {
        return running.uri();
    }

    /** The answers to requests with some headers: each request that the surface has. */
    List<String> answers(Map<String, String> headers) throws Exception {
        Map<String, String> all = new TreeMap<>(headers);
        all.put("Connection", "close");
        List<String> answers = new ArrayList<>();
        if (surface == Surface.HTTP_SSE) {
            // An open stream does not end.
            answers.add(send("GET", "/sse", all, ""));
        } else {
            all.put("MCP-Protocol-Version", "2025-11-25");
        }
        answers.add(send("POST", path, all, CALL));
        return answers;
    }

    private String send(String method, String target, Map<String, String> headers, String body) throws IOException {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.put("Host", "localhost");
        all.put("Accept", "application/json, text/event-stream");
        if (!body.isEmpty()) {
            all.put("Content-Type", "application/json");
            all.put("Content-Length", Integer.toString(body.length()));
        }
        all.putAll(headers);
        all.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return raw(text + "\r\n" + body);
    }

    /** Sends bytes, and returns what the server sends until it closes the connection or is silent. */
    String raw(String text) throws IOException {
        try (Socket socket = new Socket(running.uri().getHost(), running.uri().getPort())) {
            socket.setSoTimeout((int) Gate.PATIENCE.toMillis());
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                byte[] part = new byte[8192];
                InputStream in = socket.getInputStream();
                for (int read = in.read(part); read >= 0; read = in.read(part)) {
                    answer.write(part, 0, read);
                    String received = answer.toString(StandardCharsets.ISO_8859_1);
                    if (received.contains("event: endpoint")) {
                        // A stream stays open.
                        break;
                    }
                    if (received.contains("\r\n\r\n")) {
                        socket.setSoTimeout(SILENCE_MS);
                    }
                }
            } catch (IOException closed) {
                // The server has refused to read on, or waits for more.
            }
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }

    /** What the server may not have sent: an answer of a tool, an accepted message, or a stream. */
    static boolean isServed(String answer) {
        return answer.contains(AttackedServer.LOOT)
                || answer.contains("HTTP/1.1 202")
                || answer.contains("event: endpoint");
    }

    /** The status of the answer; 0 if there is none. */
    static int status(String received) {
        String answer = received.replaceFirst("^HTTP/1\\.1 100.*\r\n\r\n", "");
        return answer.startsWith("HTTP/1.") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    void close() throws Exception {
        stream.close();
        running.close();
    }
}
