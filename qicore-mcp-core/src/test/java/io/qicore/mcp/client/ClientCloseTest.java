package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.Gate;
import io.qicore.mcp.client.ForeignServer.Request;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.RetryPolicy;
import io.qicore.mcp.client.error.MCPConnectionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that wait for something else than an answer when their client is closed, or the application gives them up. */
class ClientCloseTest {

    private static final String FORM = "{\"resultType\":\"input_required\",\"inputRequests\":{\"k\":"
            + "{\"method\":\"elicitation/create\",\"params\":{\"message\":\"m\",\"requestedSchema\":"
            + "{\"type\":\"object\",\"properties\":{}}}}}}";

    private static final String TASK =
            "{\"resultType\":\"task\",\"taskId\":\"x\",\"status\":\"working\",\"pollIntervalMs\":60000}";

    private final CountDownLatch waits = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);

    private static MCPClientBuilder builder(ForeignServer server) {
        return MCPClient.builder(HttpEndpoint.of(server.uri())).timeout(Gate.PATIENCE.multipliedBy(4));
    }

    /** Sends comments until the client has closed the connection. */
    private void stream(Request request, String first) throws IOException {
        OutputStream out = request.events();
        request.event(out, first + ": \n\n");
        waits.countDown();
        try {
            while (true) {
                Thread.sleep(20);
                request.event(out, ": \n\n");
            }
        } catch (IOException e) {
            gone.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void assertThatCloseEnds(MCPClient client, Consumer<MCPClient> call) throws Exception {
        CompletableFuture<Void> running = CompletableFuture.runAsync(() -> call.accept(client));
        assertThat(waits.await(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        // What follows the answer of the server, such as a pause, begins a moment later.
        Thread.sleep(200);
        client.close();
        assertThatThrownBy(() -> running.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(MCPConnectionException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void pauseBeforeARetry_endsWithTheClient() throws Exception {
        try (ForeignServer server = ForeignServer.modern(request -> {
                    request.header("Retry-After", "20");
                    request.status(503);
                    waits.countDown();
                });
                MCPClient client =
                        builder(server).retries(RetryPolicy.attempts(3)).build()) {
            assertThatCloseEnds(client, MCPClient::listResources);
        }
    }

    @Test
    void pauseBetweenPollsOfATask_endsWithTheClient() throws Exception {
        try (ForeignServer server = ForeignServer.modern(request -> {
                    request.result(TASK);
                    waits.countDown();
                });
                MCPClient client = builder(server).tasks(true).build()) {
            assertThatCloseEnds(client, called -> called.call("t", Map.of()));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void handlerOfAQuestion_doesNotHoldUpTheEnd(boolean heedsInterrupts) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ForeignServer server = ForeignServer.modern(request -> request.result(FORM));
                MCPClient client = builder(server)
                        .onForm(form -> {
                            waits.countDown();
                            while (true) {
                                try {
                                    release.await();
                                    return form.decline();
                                } catch (InterruptedException e) {
                                    if (heedsInterrupts) {
                                        throw e;
                                    }
                                }
                            }
                        })
                        .build()) {
            assertThatCloseEnds(client, called -> called.call("t", Map.of()));
        } finally {
            release.countDown();
        }
    }

    @Test
    void negotiationOverAnOlderTransport_endsWithTheClient() throws Exception {
        try (ForeignServer server = new ForeignServer(request -> {
                    if (request.method().equals("GET")) {
                        stream(request, "event: endpoint\ndata: /post\n\n");
                    } else {
                        // Never answered on the stream.
                        request.status(request.path().equals("/post") ? 202 : 405);
                    }
                });
                MCPClient client = builder(server).build()) {
            assertThatCloseEnds(client, called -> called.call("t", Map.of()));
            assertThat(gone.await(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        }
    }

    @Test
    void streamThatHasNotBegun_leavesNoSocket() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                MCPClient client = MCPClient.builder(
                                HttpEndpoint.sse(URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/sse")))
                        .build()) {
            CompletableFuture<Void> end = CompletableFuture.runAsync(() -> {
                try (Socket socket = listening.accept()) {
                    InputStream in = socket.getInputStream();
                    waits.countDown();
                    while (in.read() >= 0) {
                        // The request, which is not answered
                    }
                } catch (IOException reset) {
                    // Also an end
                }
            });
            assertThatCloseEnds(client, called -> called.call("t", Map.of()));
            assertThat(end).succeedsWithin(Gate.PATIENCE);
        }
    }

    @Test
    void callThatTheApplicationGivesUp_isEnded() throws Exception {
        try (ForeignServer server = ForeignServer.modern(request -> stream(request, ""));
                MCPClient client = builder(server).build()) {
            CompletableFuture<?> call = client.tool("t").start().orTimeout(300, TimeUnit.MILLISECONDS);
            assertThatThrownBy(call::get).hasCauseInstanceOf(TimeoutException.class);
            assertThat(gone.await(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        }
    }

    @Test
    void listenerOfCallsThatFailsBadly_doesNotHoldUpTheCall() throws Exception {
        try (ForeignServer server = ForeignServer.modern(request -> request.result("{\"content\": []}"));
                MCPClient client = builder(server)
                        .listener((tool, took, failure) -> {
                            throw new AssertionError("not a RuntimeException");
                        })
                        .build()) {
            assertThat(client.tool("t").start()).succeedsWithin(Gate.PATIENCE);
        }
    }

    @Test
    void serverThatWantsCredentials_isSaidToWantThem() throws Exception {
        try (ForeignServer server = new ForeignServer(request -> request.status(401));
                MCPClient client = builder(server).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("wants credentials");
        }
    }

    @Test
    void closedClient_doesNotAnswerFromItsCache() throws Exception {
        try (ForeignServer server = ForeignServer.modern(
                request -> request.result(
                        "{\"tools\": [], \"resources\": [], \"contents\": [], \"ttlMs\": 60000, \"cacheScope\": \"public\"}"))) {
            MCPClient client = builder(server).build();
            client.listTools();
            client.listResources();
            client.readResource("r://x");
            client.discover();
            client.close();
            assertThatThrownBy(client::listTools).isInstanceOf(MCPConnectionException.class);
            assertThatThrownBy(client::listResources).isInstanceOf(MCPConnectionException.class);
            assertThatThrownBy(() -> client.readResource("r://x")).isInstanceOf(MCPConnectionException.class);
            assertThatThrownBy(client::discover).isInstanceOf(MCPConnectionException.class);
        }
    }

    @Test
    void streamThatEndsAtOnceAndWantsNoPause_isNotResumedAllTheTime() throws Exception {
        AtomicInteger streams = new AtomicInteger();
        try (ForeignServer server = ForeignServer.legacy("2025-11-25", request -> {
                    streams.incrementAndGet();
                    OutputStream out = request.events();
                    request.event(out, "retry: 0\nid: 1\ndata:\n\n");
                    out.close();
                });
                MCPClient client =
                        builder(server).timeout(Duration.ofSeconds(3)).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of())).hasMessageContaining("did not answer within");
            assertThat(streams.get()).isBetween(2, 31);
        }
    }
}
