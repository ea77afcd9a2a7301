package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qicore.mcp.Gate;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.model.CallResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a client holds while it is used, and that nothing is left after its end. */
class ClientEndTest {

    private static final String OK = "{\"content\": [], \"structuredContent\": {\"ok\": true}}";

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("mcp-client") || name.startsWith("HttpClient-"))
                .toList();
    }

    @Test
    void closedClients_leaveNoThread() throws Exception {
        try (ForeignServer server = ForeignServer.modern(request -> request.result(OK))) {
            for (int i = 0; i < 5; i++) {
                try (MCPClient client = MCPClient.http(server.uri())) {
                    client.call("t", Map.of());
                }
            }
            // On Java 17 the HTTP client's thread ends when the client is collected.
            await().atMost(Gate.PATIENCE).until(() -> {
                System.gc();
                return threads().isEmpty();
            });
        }
    }

    @Test
    void manyCallsAtOnce_needNoThreadEach() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ForeignServer server = ForeignServer.modern(request -> {
                    try {
                        release.await(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    request.result(OK);
                });
                MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .protocol(ProtocolMode.auto())
                        .timeout(Gate.PATIENCE)
                        .build()) {
            List<CompletableFuture<CallResult>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(client.tool("t").start());
            }
            await().atMost(Gate.PATIENCE)
                    .until(() -> server.requests("tools/call").size() == 200);
            List<String> threads = threads();
            release.countDown();
            for (CompletableFuture<CallResult> call : calls) {
                assertThat(call.get(20, TimeUnit.SECONDS).structured().get("ok").asBoolean())
                        .isTrue();
            }
            // Those of Java 17 end when they are idle for a minute.
            assumeTrue(Runtime.version().feature() >= 21);
            assertThat(threads).hasSizeLessThan(10);
        }
    }
}
