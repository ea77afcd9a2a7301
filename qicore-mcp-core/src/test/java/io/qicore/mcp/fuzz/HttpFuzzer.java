package io.qicore.mcp.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.transport.http.HttpTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends any bytes to the port of the HTTP transport and checks the first response. */
public final class HttpFuzzer {

    private static final int PATIENCE_MILLIS = 5_000;
    private static final int MAX_RESPONSE = 8 << 20;
    private static final Set<Integer> STATUSES =
            Set.of(100, 200, 202, 400, 403, 404, 405, 406, 408, 413, 414, 415, 417, 421, 426, 431, 501, 505);
    private static final Pattern HEAD = Pattern.compile("^HTTP/1\\.1 (\\d{3}) [^\r\n]*\r\n");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)\r\n");

    private static @Nullable FuzzServer server;
    private static int port;

    private HttpFuzzer() {}

    /** Called by the fuzzer before it measures time. */
    public static void fuzzerInitialize() throws Exception {
        fuzzerTestOneInput(new Grammar(0).httpInput());
    }

    /** Called by the fuzzer, and by the test that replays the corpus. */
    public static synchronized void fuzzerTestOneInput(byte[] input) throws Exception {
        start();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                socket.getOutputStream().write(input);
                socket.shutdownOutput();
            } catch (SocketException refusedEarly) {
                // The server may close before it has read all; what it said then can be lost.
                return;
            }
            check(input, response(socket));
        }
    }

    private static void start() throws Exception {
        if (server == null) {
            HttpTransport transport = HttpTransport.builder()
                    .port(0)
                    .maxBodyBytes(64 << 10)
                    .idleTimeout(Duration.ofSeconds(2))
                    .keepAliveInterval(Duration.ofMillis(50))
                    .build();
            server = new FuzzServer(List.of(transport));
            server.start();
            port = transport.uri().getPort();
        }
    }

    /** Stops the server; the next input starts another. */
    static synchronized void stop() {
        if (server != null) {
            server.cleanup();
            server = null;
        }
    }

    /** What came back: up to the end of the first response, the first event of a stream, or the end of the connection. */
    private static String response(Socket socket) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8 << 10];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                received.write(buffer, 0, n);
                Oracle.require(received.size() < MAX_RESPONSE, "a response without an end");
                if (isWhole(received.toString(StandardCharsets.ISO_8859_1))) {
                    break;
                }
            }
        } catch (SocketTimeoutException e) {
            throw new Oracle.Finding("no answer within " + PATIENCE_MILLIS + " ms", e);
        } catch (SocketException reset) {
            // Closed with unread input: what has been received counts.
        }
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    private static boolean isWhole(String response) {
        int head = response.indexOf("\r\n\r\n");
        if (head < 0) {
            return false;
        }
        int body = response.length() - head - 4;
        Matcher length = LENGTH.matcher(response.substring(0, head + 2));
        return response.contains("text/event-stream")
                ? response.indexOf("\n\n", head + 4) > 0
                : length.find() && body >= Long.parseLong(length.group(1));
    }

    private static void check(byte[] input, String response) {
        if (response.isEmpty()) {
            return;
        }
        Matcher head = HEAD.matcher(response);
        Oracle.require(head.find(), "no HTTP: " + response);
        Oracle.require(STATUSES.contains(Integer.parseInt(head.group(1))), "unexpected status: " + response);
        Oracle.clean(input, response.replaceAll("Mcp-Session-Id: \\S+", ""));
        int end = response.indexOf("\r\n\r\n");
        String headers = end < 0 ? "" : response.substring(0, end + 2);
        Matcher length = LENGTH.matcher(headers);
        if (headers.contains("Content-Type: application/json") && length.find()) {
            int from = end + 4;
            String body = response.substring(from, from + Integer.parseInt(length.group(1)));
            JsonNode json = Oracle.parsed(body.getBytes(StandardCharsets.ISO_8859_1));
            Oracle.require(json != null, "the body is no JSON: " + response);
            (json.isArray() ? json : List.of(json)).forEach(one -> Oracle.shape(input, one));
        }
    }
}
