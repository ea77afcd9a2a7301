package io.qicore.mcp.interop;

import static io.qicore.mcp.interop.Checks.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.endpoint.RetryPolicy;
import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.interop.Target.Connection;
import io.qicore.mcp.interop.Target.Sdk;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/** Many calls at once, calls that end early, and servers that die and come back. */
final class AttackChecks {

    private static final Map<String, Integer> LONG = Map.of("ms", 60_000);

    private final Checks checks;
    private final Target target;

    private AttackChecks(Checks checks, Target target) {
        this.checks = checks;
        this.target = target;
    }

    /** @param program the program to kill and to start again; null for a child process of the client */
    static void run(Checks checks, Target target, @Nullable ServerProgram program) {
        AttackChecks attacks = new AttackChecks(checks, target);
        try (Connection connection = target.connect()) {
            MCPClient client = connection.client();
            // The Java SDK's server on standard input has ended by itself, with exit code 0, under 50 calls at once.
            int atOnce = target.sdk() == Target.Sdk.JAVA && target.endpoint() instanceof StdioEndpoint ? 1 : 50;
            attacks.check("50 calls, " + atOnce + " at once", () -> manyCalls(client, atOnce));
            attacks.check("timeout", () -> attacks.timeout(client));
            attacks.check("cancellation", () -> attacks.cancelled(client));
            attacks.check("close during a call", attacks::closed);
            if (program == null) {
                attacks.check("a program that ends during a call", () -> attacks.ends(client));
            } else {
                attacks.check("a server that is killed during a call", () -> killed(client, program));
            }
            attacks.check("retry of a call that may be repeated", () -> attacks.retried(program));
        }
    }

    private void check(String name, ThrowingRunnable body) {
        checks.check(target.name(), name, body);
    }

    private static void manyCalls(MCPClient client, int atOnce) {
        List<CompletableFuture<CallResult>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(client.tool("add").arguments(Map.of("a", i, "b", 1000)).start());
            if (i >= atOnce - 1) {
                calls.get(i - atOnce + 1).join();
            }
        }
        for (int i = 0; i < 50; i++) {
            JsonNode structured = calls.get(i).join().structured();
            assertThat(structured).isNotNull();
            assertThat(structured.path("sum").intValue()).isEqualTo(1000 + i);
        }
    }

    private void timeout(MCPClient client) throws Exception {
        int before = cancellations(client);
        assertThatThrownBy(() -> client.tool("slow")
                        .arguments(LONG)
                        .timeout(Duration.ofMillis(300))
                        .call())
                .isInstanceOf(MCPTimeoutException.class)
                .hasMessageContaining("did not answer");
        isTold(client, before);
    }

    private void cancelled(MCPClient client) throws Exception {
        int before = cancellations(client);
        CompletableFuture<CallResult> call = client.tool("slow").arguments(LONG).start();
        Thread.sleep(200);
        assertThat(call.cancel(true)).isTrue();
        isTold(client, before);
    }

    /** Checks that the server has heard of a cancellation, if it can say so, and that the client can go on. */
    private void isTold(MCPClient client, int before) {
        if (target.sdk() == Sdk.TYPESCRIPT && target.connected()) {
            eventually(() -> assertThat(cancellations(client)).isEqualTo(before + 1));
        }
        assertThat(client.call("add", Map.of("a", 1, "b", 1)).get("sum").intValue())
                .isEqualTo(2);
    }

    private static int cancellations(MCPClient client) throws Exception {
        String state = client.tool("state").result().text();
        return Json.read(state.getBytes(StandardCharsets.UTF_8))
                .path("cancelled")
                .asInt();
    }

    private void closed() throws Exception {
        MCPClient client = target.plain();
        client.call("add", Map.of("a", 1, "b", 1));
        CompletableFuture<CallResult> call = client.tool("slow").arguments(LONG).start();
        Thread.sleep(200);
        long start = System.nanoTime();
        client.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThatThrownBy(call::join).hasCauseInstanceOf(MCPConnectionException.class);
        assertThatThrownBy(() -> client.call("add", Map.of("a", 1, "b", 1)))
                .isInstanceOf(MCPConnectionException.class)
                .hasMessageContaining("closed");
    }

    private void ends(MCPClient client) {
        assertThat(target.endpoint()).isInstanceOf(StdioEndpoint.class);
        CompletableFuture<CallResult> other =
                client.tool("slow").arguments(LONG).start();
        assertThatThrownBy(() -> client.call("exit", Map.of()))
                .isInstanceOf(MCPConnectionException.class)
                .hasMessageContaining("7");
        assertThatThrownBy(other::join).hasCauseInstanceOf(MCPConnectionException.class);
        assertThat(client.discover().protocolVersion()).isEqualTo(target.revision());
        manyCalls(client, 1);
    }

    private static void killed(MCPClient client, ServerProgram program) throws Exception {
        CompletableFuture<CallResult> call = client.tool("slow").arguments(LONG).start();
        Thread.sleep(300);
        program.kill();
        assertThatThrownBy(() ->
                        call.orTimeout(5, java.util.concurrent.TimeUnit.SECONDS).join())
                .hasCauseInstanceOf(MCPConnectionException.class);
        assertThatThrownBy(() -> client.call("add", Map.of("a", 1, "b", 1))).isInstanceOf(MCPConnectionException.class);
        program.start();
        manyCalls(client, 50);
    }

    private void retried(@Nullable ServerProgram program) throws Exception {
        try (MCPClient client = Target.asking(target.endpoint(), target.mode())
                .timeout(Duration.ofSeconds(60))
                .retries(new RetryPolicy(6, Duration.ofSeconds(1)))
                .build()) {
            client.listTools();
            if (program == null) {
                assertThatThrownBy(() -> client.call("exit", Map.of())).isInstanceOf(MCPClientException.class);
                assertThat(client.call("add", Map.of("a", 1, "b", 1)).get("sum").intValue())
                        .isEqualTo(2);
                return;
            }
            program.kill();
            CompletableFuture<CallResult> call =
                    client.tool("add").arguments(Map.of("a", 1, "b", 1)).start();
            program.start();
            assertThat(call.join().isError()).isFalse();
        }
    }
}
