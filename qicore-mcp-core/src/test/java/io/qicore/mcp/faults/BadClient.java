package io.qicore.mcp.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection that does what no good client does. */
final class BadClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket = new Socket();

    BadClient(int port) throws IOException {
        // Small, so that answers wait in the server and not in the socket.
        socket.setReceiveBufferSize(8 << 10);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
    }

    static String header(int length, String more) {
        return "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Accept: application/json\r\nContent-Length: " + length + "\r\n" + more + "\r\n";
    }

    static String call(String tool, String arguments) {
        String body = message(1, tool, arguments);
        return header(body.length(), "MCP-Protocol-Version: 2025-11-25\r\n") + body;
    }

    static String message(int id, String tool, String arguments) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + "}}";
    }

    /** Returns a request of MCP 2026-07-28. */
    static String modern(String method, String tool, String params, String capabilities) {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + params
                + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":" + capabilities + "}}}";
        String head = header(
                body.length(),
                "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: " + method + "\r\n"
                        + (tool.isEmpty() ? "" : "Mcp-Name: " + tool + "\r\n"));
        return head.replace("Accept: application/json", "Accept: application/json, text/event-stream") + body;
    }

    BadClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.US_ASCII));
    }

    BadClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Reads one answer with a length; returns its status and body. */
    String answer() throws IOException {
        String head = readUntil("\r\n\r\n");
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length: ");
        int length = at < 0 ? 0 : Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at)));
        byte[] body = socket.getInputStream().readNBytes(length);
        return head.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3) + " "
                + new String(body, StandardCharsets.UTF_8);
    }

    String readUntil(String end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
            int read = in.read();
            if (read < 0) {
                throw new IOException("End of stream after '" + text + "'");
            }
            text.append((char) read);
        }
        return text.toString();
    }

    /** Reads so many bytes and drops them. */
    void readBytes(int count) throws IOException {
        if (socket.getInputStream().readNBytes(count).length < count) {
            throw new IOException("End of stream within an answer");
        }
    }

    /** Returns whether the server has closed the connection, after reading what it has sent. */
    boolean isClosed() {
        try {
            socket.setSoTimeout(1);
            byte[] buffer = new byte[1 << 16];
            while (true) {
                if (socket.getInputStream().read(buffer) < 0) {
                    return true;
                }
            }
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
