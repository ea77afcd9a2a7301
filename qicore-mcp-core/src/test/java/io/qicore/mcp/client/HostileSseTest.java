package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.qicore.mcp.Threads;
import io.qicore.mcp.client.ForeignServer.Request;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers of HTTP+SSE that do everything wrong. */
class HostileSseTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private record Misdeed(
            String name, ForeignServer.Script script, Class<? extends RuntimeException> failure, String says) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static ForeignServer.Script stream(String start, String forEver) {
        return request -> {
            if (request.method().equals("GET")) {
                OutputStream out = request.events();
                request.event(out, start);
                for (int i = 0; !forEver.isEmpty() && i < 10_000_000; i++) {
                    request.event(out, forEver);
                }
                if (start.endsWith("\n\n")) {
                    pause();
                }
            } else {
                request.status(202);
            }
        };
    }

    private static void pause() {
        try {
            Thread.sleep(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ForeignServer.Script status(int status) {
        return request -> request.send(status, "text/html", "<html></html>");
    }

    private static void redirect(Request request) throws IOException {
        request.header("Location", "http://evil.example/sse");
        request.send(307, "text/plain", "");
    }

    static Stream<Misdeed> misdeeds() {
        String endpoint = "event: endpoint\ndata: /post\n\n";
        return Stream.of(
                new Misdeed("never answers", request -> pause(), MCPTimeoutException.class, "PT2S"),
                new Misdeed("never names an address", stream(": x\n\n", ""), MCPTimeoutException.class, "PT2S"),
                new Misdeed("closes at once", request -> {}, MCPConnectionException.class, "Cannot reach"),
                new Misdeed(
                        "ends its stream",
                        stream("event: endpoint\ndata: /post\n", ""),
                        MCPConnectionException.class,
                        "ended its event stream"),
                new Misdeed("never answers a message", stream(endpoint, ""), MCPTimeoutException.class, "PT2S"),
                new Misdeed(
                        "answers garbage",
                        stream(endpoint + "data: garbage\n\n", ""),
                        MCPConnectionException.class,
                        "JSON"),
                new Misdeed(
                        "answers another id",
                        stream(endpoint, "data: {\"id\":99999,\"result\":{}}\n\n"),
                        MCPTimeoutException.class,
                        "PT2S"),
                new Misdeed(
                        "floods notifications",
                        stream(
                                endpoint,
                                "data: {\"method\":\"notifications/message\",\"params\":{\"data\":\"x\"}}\n\n"),
                        MCPTimeoutException.class,
                        "PT2S"),
                new Misdeed(
                        "sends an event without end",
                        stream(endpoint, "data: " + "x".repeat(1_000) + "\n"),
                        MCPConnectionException.class,
                        "more than"),
                new Misdeed(
                        "names another host",
                        stream("event: endpoint\ndata: http://evil.example/post\n\n", ""),
                        MCPConnectionException.class,
                        "another server"),
                new Misdeed(
                        "names a user",
                        stream("event: endpoint\ndata: //u@127.0.0.1/post\n\n", ""),
                        MCPConnectionException.class,
                        "another server"),
                new Misdeed(
                        "names a script",
                        stream("event: endpoint\ndata: javascript:alert(1)\n\n", ""),
                        MCPConnectionException.class,
                        "another server"),
                new Misdeed(
                        "names nonsense",
                        stream("event: endpoint\ndata: http://[::\n\n", ""),
                        MCPConnectionException.class,
                        "not valid"),
                new Misdeed("redirects", HostileSseTest::redirect, MCPConnectionException.class, "evil.example"),
                new Misdeed("answers 404", status(404), MCPConnectionException.class, "404"),
                new Misdeed("answers 500", status(500), MCPConnectionException.class, "500"),
                new Misdeed("answers 200 with HTML", status(200), MCPConnectionException.class, "200"),
                new Misdeed(
                        "refuses the message",
                        request -> {
                            if (request.method().equals("GET")) {
                                request.event(request.events(), endpoint);
                                pause();
                            } else {
                                request.send(500, "text/html", "<html></html>");
                            }
                        },
                        MCPConnectionException.class,
                        "500"));
    }

    @AfterEach
    void nothingIsLeft() {
        Threads.awaitNone("mcp-client");
    }

    @ParameterizedTest
    @MethodSource("misdeeds")
    void misdeed_isATypedErrorWithinTheDeadline(Misdeed misdeed) throws Exception {
        try (ForeignServer server = new ForeignServer(misdeed.script());
                MCPClient client = MCPClient.builder(HttpEndpoint.sse(server.uri())
                                .withMaxMessageBytes(1 << 20)
                                .withApiKey("very-secret"))
                        .timeout(TIMEOUT)
                        .build()) {
            long start = System.nanoTime();
            Throwable failure = catchThrowable(() -> client.call("t", Map.of()));
            assertThat(failure).isInstanceOf(misdeed.failure());
            assertThat(failure.getMessage()).contains(misdeed.says()).doesNotContain("very-secret");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plusSeconds(2));
        }
    }
}
