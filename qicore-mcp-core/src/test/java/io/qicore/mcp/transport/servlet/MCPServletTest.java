package io.qicore.mcp.transport.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.Threads;
import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.engine.Wire;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.transport.RawHttp;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of the servlet between its server and its container. */
class MCPServletTest {

    private static final String PING = """
            {"jsonrpc": "2.0", "id": 1, "method": "ping"}""";

    private TestServer server = new TestServer();
    private final MCPServlet servlet = MCPServlet.create();
    private Container container;

    @AfterEach
    void tearDown() throws Exception {
        server.gate().open();
        server.cleanup();
        if (container != null) {
            container.stop();
        }
        Threads.awaitNone("mcp-servlet");
    }

    @ParameterizedTest
    @EnumSource
    void servlet_servesWhileItsServerRuns(Container.Kind kind) throws Exception {
        container = kind.start(servlet);
        assertThat(ping()).isEqualTo(503);
        server = server.started(servlet);
        assertThat(ping()).isEqualTo(200);
        assertThat(servlet.endpoint()).isEmpty();
        server.stop();
        assertThat(ping()).isEqualTo(503);
        server.start();
        assertThat(ping()).isEqualTo(200);
        assertThatIllegalStateException().isThrownBy(() -> servlet.start(server.engine()));
    }

    @ParameterizedTest
    @EnumSource
    void endOfTheContainer_endsTheCalls(Container.Kind kind) throws Exception {
        container = kind.start(servlet);
        server = server.with(
                ServerSettings.builder().callTimeout(Duration.ofMinutes(1)).drainTimeout(Duration.ofMillis(500)));
        server = server.started(servlet);
        try (RawHttp client = new RawHttp(container.uri())) {
            client.modern("tools/call", Json.object().put("name", "wait"));
            server.gate().awaitEntered(1);
            container.stop();
            assertThat(server.gate().awaitInterrupt()).isTrue();
        }
        container = null;
        Threads.awaitNone("mcp-servlet");
        server.stop();
    }

    @ParameterizedTest
    @EnumSource
    void principalOfTheContainer_canBeTheCaller(Container.Kind kind) throws Exception {
        HttpAuthenticator byContainer = HttpAuthenticator.of(request -> {
            boolean known = request.unwrap(HttpServletRequest.class).isPresent();
            return request.userPrincipal()
                    .filter(user -> known)
                    .<Authentication>map(user -> Caller.of(user.getName()))
                    .orElse(Denial.unauthenticated("Log in first.", "Basic realm=\"mcp\""));
        });
        MCPServlet guarded = MCPServlet.builder()
                .access(HttpAccess.builder().authenticator(byContainer).build())
                .build();
        // What a filter of the application does.
        container = kind.start(new HttpServlet() {
            private static final long serialVersionUID = 1;

            @Override
            public void init(ServletConfig config) throws ServletException {
                super.init(config);
                guarded.init(config);
            }

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                String user = request.getHeader("X-User");
                guarded.service(
                        new HttpServletRequestWrapper(request) {
                            @Override
                            public @Nullable Principal getUserPrincipal() {
                                return user == null ? null : () -> user;
                            }
                        },
                        response);
            }
        });
        server = server.started(guarded);
        String call = Wire.legacyCall("echo", "{\"text\": \"hello\"}");
        try (RawHttp client = new RawHttp(container.uri())) {
            assertThat(client.post(Map.of("X-User", "alice"), call).readUntil("hello"))
                    .startsWith("HTTP/1.1 200");
        }
        try (RawHttp client = new RawHttp(container.uri())) {
            assertThat(client.post(Map.of(), call).readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 401")
                    .containsIgnoringCase("WWW-Authenticate: Basic realm=\"mcp\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void executorThatRejects_isABusyServer(Container.Kind kind) throws Exception {
        MCPServlet rejecting = MCPServlet.builder()
                .executor(task -> {
                    throw new RejectedExecutionException("full");
                })
                .build();
        container = kind.start(rejecting);
        server = server.with(ServerSettings.builder().drainTimeout(Gate.PATIENCE));
        server = server.started(rejecting);
        assertThat(ping()).isEqualTo(503);
        // Nothing is left to wait for.
        long start = System.nanoTime();
        server.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Gate.PATIENCE.dividedBy(2));
    }

    @ParameterizedTest
    @EnumSource
    void registrationWithoutAsyncSupport_isAnsweredAndHoldsUpNoStop(Container.Kind kind) throws Exception {
        container = kind.start(servlet, false);
        server = server.with(ServerSettings.builder().drainTimeout(Gate.PATIENCE));
        server = server.started(servlet);
        try (RawHttp client = new RawHttp(container.uri()).post(Map.of(), PING)) {
            assertThat(client.readUntil("}}")).startsWith("HTTP/1.1 500").contains("async support");
        }
        long start = System.nanoTime();
        server.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Gate.PATIENCE.dividedBy(2));
    }

    @ParameterizedTest
    @EnumSource
    void listenerThatWasLetInBeforeAStopAndIsServedAfterIt_endsWithAnAnswer(Container.Kind kind) throws Exception {
        CompletableFuture<Runnable> admitted = new CompletableFuture<>();
        MCPServlet slow = MCPServlet.builder()
                .executor(task -> {
                    if (!admitted.complete(task)) {
                        task.run();
                    }
                })
                .build();
        container = kind.start(slow);
        server = server.with(ServerSettings.builder().drainTimeout(Gate.PATIENCE));
        server = server.started(slow);
        ObjectNode params = Json.object();
        params.putObject("notifications").put("toolsListChanged", true);
        try (RawHttp client = new RawHttp(container.uri())) {
            client.modern("subscriptions/listen", params);
            Runnable listening = admitted.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
            await().atMost(Gate.PATIENCE).until(() -> ping() == 503);
            listening.run();
            assertThat(client.readUntil("resultType")).contains("acknowledged");
            stopped.get(Gate.PATIENCE.toMillis() / 2, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void settings_mustMakeSense() {
        MCPServlet.Builder builder = MCPServlet.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxBodyBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.keepAliveInterval(Duration.ZERO));
    }

    @Test
    void stoppingOrDestroyingWithoutAStart_doesNothing() {
        servlet.stop(Duration.ZERO);
        servlet.destroy();
        assertThat(servlet).hasToString("MCPServlet[not in a container]");
    }

    private int ping() throws Exception {
        try (RawHttp client = new RawHttp(container.uri()).post(Map.of(), PING)) {
            return client.status();
        }
    }
}
