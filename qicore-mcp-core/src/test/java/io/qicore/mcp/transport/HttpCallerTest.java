package io.qicore.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.auth.RequestHead;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.MCPProtocolException;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.transport.servlet.HttpServing;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests with and without credentials, with a toy authenticator, on every HTTP server. */
@ParameterizedClass
@EnumSource(HttpServing.class)
class HttpCallerTest {

    private static final String CHALLENGE = "Bearer realm=\"toys\"";

    @Parameter
    HttpServing serving;

    private HttpServing.Running running;
    /** The requests that the authenticator was asked about, as text and URL. A request is valid only while it decides. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    /** Takes the token itself as the name of the caller. */
    private Authentication toy(RequestHead request) {
        asked.add(request + " " + request.url().getPath());
        List<String> credentials = request.headers("authorization");
        if (credentials.size() != 1 || !credentials.get(0).startsWith("Bearer ")) {
            return Denial.unauthenticated("Send one token.", CHALLENGE);
        }
        String token = credentials.get(0).substring("Bearer ".length());
        return switch (token) {
            case "expired" -> Caller.of("late").withExpiry(Instant.now().minusSeconds(1));
            case "small" -> Denial.forbidden("Not enough.", "Bearer error=\"insufficient_scope\", scope=\"write\"");
            case "busy" -> Denial.busy("Later.", Duration.ofSeconds(7));
            case "many" -> Denial.tooManyRequests("Slower.", Duration.ofSeconds(7));
            case "crash" -> throw new IllegalStateException("secret of the authenticator");
            case "error" -> throw new StackOverflowError();
            default -> Caller.of(token).withScopes(Set.of("read"));
        };
    }

    private void start(HttpAuthenticator authenticator) throws Exception {
        running = serving.start(
                TestServer.of(
                        "callers",
                        List.of(MCPTool.builder("whoami", TestServer.Nothing.class, TestServer.Text.class)
                                .description("Names the caller.")
                                .handler((nothing, context) ->
                                        new TestServer.Text(context.caller().subject() + " "
                                                + context.caller().scopes()))
                                .build())),
                HttpAccess.builder().authenticator(authenticator).build());
    }

    private String answer(Map<String, String> headers) throws Exception {
        try (RawHttp client = new RawHttp(running.uri())) {
            Map<String, String> all = new java.util.HashMap<>(headers);
            all.put("Connection", "close");
            return client.post(all, RawHttp.message("tools/call", Json.object().put("name", "whoami")))
                    .readToEnd();
        }
    }

    private String answer(String token) throws Exception {
        return answer(Map.of("Authorization", "Bearer " + token));
    }

    @Test
    void credentials_decideAboutTheRequest() throws Exception {
        start(HttpAuthenticator.of(this::toy));
        assertThat(answer("alice")).startsWith("HTTP/1.1 200").contains("alice [read]");
        assertThat(answer(Map.of()))
                .startsWith("HTTP/1.1 401")
                .containsIgnoringCase("WWW-Authenticate: " + CHALLENGE)
                .contains("-31001", "Send one token.");
        assertThat(answer(Map.of("Authorization", "Bearer a\r\nAuthorization: Bearer b")))
                .startsWith("HTTP/1.1 401");
        assertThat(answer("expired")).startsWith("HTTP/1.1 401").containsIgnoringCase("invalid_token");
        assertThat(answer("small"))
                .startsWith("HTTP/1.1 403")
                .containsIgnoringCase("WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"write\"")
                .contains("-31002", "Not enough.");
        assertThat(answer("busy")).startsWith("HTTP/1.1 503").containsIgnoringCase("Retry-After: 7");
        assertThat(answer("many")).startsWith("HTTP/1.1 429").containsIgnoringCase("Retry-After: 7");
        for (String failure : List.of("crash", "error")) {
            assertThat(answer(failure)).startsWith("HTTP/1.1 500").doesNotContain("secret", "whoami");
        }
    }

    @Test
    void authenticator_isAskedBeforeTheBodyAndAfterTheSender() throws Exception {
        start(HttpAuthenticator.of(this::toy));
        try (RawHttp client = new RawHttp(running.uri())) {
            // The body never comes.
            client.raw(
                    "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n");
            assertThat(client.status()).isEqualTo(401);
        }
        assertThat(asked).hasSize(1);
        for (Map<String, String> headers : List.of(
                Map.of("Origin", "https://evil.example"),
                Map.of("Host", "evil.example"),
                Map.of("Content-Type", "text/plain"),
                Map.of("Content-Encoding", "gzip"))) {
            answer(headers);
        }
        assertThat(asked).hasSize(1);
        answer("secret");
        assertThat(asked).containsExactly("RequestHead[POST] /mcp", "RequestHead[POST] /mcp");
    }

    @Test
    void authenticator_mayDecideLater() throws Exception {
        List<CompletableFuture<Authentication>> decisions = new CopyOnWriteArrayList<>();
        start(request -> {
            if (request.headers("X-Now").size() == 1) {
                return CompletableFuture.completedFuture(Caller.of("now"));
            }
            CompletableFuture<Authentication> decision = new CompletableFuture<>();
            decisions.add(decision);
            return decision;
        });
        // More than the threads that a server has before Java 21.
        List<RawHttp> waiting = new ArrayList<>();
        for (int i = 0; i < 220; i++) {
            waiting.add(new RawHttp(running.uri()).legacyCall("whoami"));
        }
        org.awaitility.Awaitility.await().atMost(Gate.PATIENCE).until(() -> decisions.size() == 220);
        assertThat(answer(Map.of("X-Now", "1"))).startsWith("HTTP/1.1 200").contains("now []");

        decisions.get(0).complete(Denial.unauthenticated("No.", CHALLENGE));
        decisions.get(1).completeExceptionally(new IllegalStateException("down"));
        decisions.get(2).complete(null);
        decisions.subList(3, 220).forEach(decision -> decision.complete(Caller.of("later")));
        Map<Integer, Integer> statuses = new java.util.TreeMap<>();
        for (RawHttp client : waiting) {
            statuses.merge(client.status(), 1, Integer::sum);
            client.close();
        }
        assertThat(statuses).isEqualTo(Map.of(200, 217, 401, 1, 500, 2));
    }

    @Test
    void authenticatorThatReturnsNothing_refuses() throws Exception {
        start(request -> nothing());
        assertThat(answer("alice")).startsWith("HTTP/1.1 500");
    }

    @SuppressWarnings("NullAway")
    private static CompletionStage<Authentication> nothing() {
        return null;
    }

    @Test
    void client_getsTheStatusAndTheChallenge() throws Exception {
        start(HttpAuthenticator.of(this::toy));
        try (MCPClient client = MCPClient.http(running.uri())) {
            MCPProtocolException denied =
                    catchThrowableOfType(MCPProtocolException.class, () -> client.call("whoami", Map.of()));
            assertThat(denied.httpStatus()).hasValue(401);
            assertThat(denied.challenge()).contains(CHALLENGE);
            assertThat(denied.code()).isEqualTo(-31001);
        }
        assertThatThrownBy(() ->
                        MCPClient.http(URI.create("http://127.0.0.1:1/mcp")).listTools())
                .isInstanceOfSatisfying(io.qicore.mcp.client.MCPClientException.class, failure -> {
                    assertThat(failure.httpStatus()).isEmpty();
                    assertThat(failure.challenge()).isEmpty();
                });
    }

    @Test
    void streamOfAnOlderClient_belongsToItsCaller() throws Exception {
        start(HttpAuthenticator.of(this::toy));
        if (serving != HttpServing.BUNDLED) {
            // Only the bundled server has HTTP+SSE.
            return;
        }
        Map<String, String> alice = Map.of("Authorization", "Bearer alice");
        try (RawHttp anybody = new RawHttp(running.uri()).send("GET", "/sse", Map.of(), "")) {
            assertThat(anybody.status()).isEqualTo(401);
        }
        try (RawHttp stream = new RawHttp(running.uri()).send("GET", "/sse", alice, "")) {
            String head = stream.readUntil("\n\n");
            String path = head.substring(head.indexOf("data: ") + 6).strip();
            String message = RawHttp.message("tools/call", Json.object().put("name", "whoami"));
            assertThat(post(path, Map.of(), message)).isEqualTo(401);
            assertThat(post(path, Map.of("Authorization", "Bearer bob"), message))
                    .isEqualTo(404);
            assertThat(post(path + "x", alice, message)).isEqualTo(404);
            assertThat(post(path, alice, message)).isEqualTo(202);
            assertThat(stream.readUntil("alice [read]")).doesNotContain("bob");
        }
    }

    private int post(String path, Map<String, String> headers, String message) throws Exception {
        try (RawHttp client = new RawHttp(running.uri()).send("POST", path, headers, message)) {
            return client.status();
        }
    }

    @Test
    void stop_answersRequestsThatWaitForADecision() throws Exception {
        CompletableFuture<Authentication> never = new CompletableFuture<>();
        start(request -> never);
        try (RawHttp client = new RawHttp(running.uri()).legacyCall("whoami")) {
            Thread.sleep(100);
            running.server().stop();
            never.complete(Caller.of("late"));
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.readUntil("\r\n");
                } catch (java.io.IOException closed) {
                    return "closed";
                }
            });
            assertThat(answer.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .doesNotContain("200");
        }
    }
}
