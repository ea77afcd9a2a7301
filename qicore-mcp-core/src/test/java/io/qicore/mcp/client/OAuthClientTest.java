package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.client.ForeignServer.Request;
import io.qicore.mcp.client.endpoint.HttpAuthorization;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.oauth.AuthorizationPrompt;
import io.qicore.mcp.client.oauth.OAuth;
import io.qicore.mcp.client.oauth.OAuthClientId;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client whose server wants OAuth tokens. */
class OAuthClientTest {

    private static final URI REDIRECT = URI.create("http://127.0.0.1:7777/callback");
    private static final String OK = "{\"content\": [], \"structuredContent\": {\"ok\": true}}";

    /** The tokens that the server takes, and the scopes that it wants. */
    private volatile String valid = "token-1";

    private volatile String wanted = "read";
    private final AtomicInteger issued = new AtomicInteger();
    private final ObjectNode metadata = Json.object();
    private final ObjectNode resource = Json.object();
    private final List<Map<String, String>> grants = new CopyOnWriteArrayList<>();
    private final List<URI> pages = new CopyOnWriteArrayList<>();
    private volatile String refused = "";
    private volatile boolean broken;
    private volatile String oddToken = "";
    private volatile String tokenType = "Bearer";
    private volatile String redirectTo = "";
    private volatile int down = 503;
    private final java.util.concurrent.BlockingQueue<String> sse = new java.util.concurrent.LinkedBlockingQueue<>();
    private ForeignServer issuer;
    private ForeignServer server;

    @BeforeEach
    void start() throws IOException {
        issuer = new ForeignServer(this::issue);
        server = new ForeignServer(this::serve);
        String address = issuer.uri().resolve("/").toString().replaceAll("/$", "");
        metadata.put("issuer", address)
                .put("authorization_endpoint", address + "/authorize")
                .put("token_endpoint", address + "/token")
                .put("registration_endpoint", address + "/register")
                .put("authorization_response_iss_parameter_supported", true);
        metadata.putArray("code_challenge_methods_supported").add("S256");
        metadata.putArray("token_endpoint_auth_methods_supported").add("none");
        resource.put("resource", server.uri().toString());
        resource.putArray("authorization_servers").add(address);
    }

    @AfterEach
    void stop() {
        issuer.close();
        server.close();
    }

    private void issue(Request request) throws IOException {
        switch (request.path()) {
            case "/.well-known/oauth-authorization-server" -> request.json(200, metadata.toString());
            case "/register" -> request.json(201, "{\"client_id\": \"registered\"}");
            case "/token" -> {
                Map<String, String> grant = form(request.text());
                grants.add(grant);
                if (broken) {
                    request.send(down, "text/html", "");
                } else if (!redirectTo.isEmpty()) {
                    request.header("Location", redirectTo);
                    request.send(307, "text/plain", "");
                } else if (grant.get("grant_type").equals(refused)) {
                    request.json(400, "{\"error\": \"invalid_grant\"}");
                } else {
                    issued.incrementAndGet();
                    valid = oddToken.isEmpty() ? "token-" + issued : oddToken;
                    request.json(
                            200,
                            "{\"access_token\": \"" + valid
                                    + "\", \"token_type\": \"" + tokenType
                                    + "\", \"expires_in\": 3600, \"refresh_token\": \"refresh-"
                                    + issued + "\"}");
                }
            }
            default -> request.send(404, "text/plain", "");
        }
    }

    private void serve(Request request) throws IOException {
        if (request.path().startsWith("/.well-known/oauth-protected-resource")) {
            request.json(200, resource.toString());
        } else if (("Bearer " + valid).equals(request.header("Authorization")) && issued.get() > 0) {
            boolean lacks = wanted.equals("write")
                    && !pages.get(pages.size() - 1).toString().contains("write");
            if (lacks || wanted.equals("never")) {
                request.header("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"" + wanted + "\"");
                request.send(403, "text/plain", "");
            } else {
                serveAuthorized(request);
            }
        } else {
            request.header("WWW-Authenticate", "Bearer scope=\"read\"");
            request.send(401, "text/plain", "");
        }
    }

    private void serveAuthorized(Request request) throws IOException {
        String answer =
                switch (request.method()) {
                    case "initialize" -> "{\"protocolVersion\": \"2025-11-25\", \"capabilities\": {}}";
                    case "prompts/list" -> "{\"prompts\": [], \"ttlMs\": 60000, \"cacheScope\": \"private\"}";
                    case "resources/list" -> "{\"resources\": [], \"ttlMs\": 60000, \"cacheScope\": \"public\"}";
                    default -> OK;
                };
        if (request.path().equals("/sse")) {
            try {
                java.io.OutputStream out = request.events();
                request.event(out, "event: endpoint\ndata: /post\n\n");
                for (String event = sse.take(); !event.isEmpty(); event = sse.take()) {
                    request.event(out, "data: " + event + "\n\n");
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        } else if (request.path().equals("/post")) {
            if (request.body().has("id")) {
                sse.add(request.response(answer));
            }
            request.status(202);
        } else if (request.method().equals("GET")) {
            request.status(405);
        } else if (request.method().equals("DELETE") || !request.body().has("id")) {
            request.status(202);
        } else {
            if (request.method().equals("initialize")) {
                request.header("Mcp-Session-Id", "s1");
            }
            request.result(answer);
        }
    }

    private static Map<String, String> form(String text) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            String[] parts = pair.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return form;
    }

    private URI signIn(URI page) {
        pages.add(page);
        String state = form(page.getRawQuery()).get("state");
        return URI.create(REDIRECT + "?code=c&state=" + state + "&iss="
                + metadata.get("issuer").asText());
    }

    private MCPClient client(OAuth oauth) {
        return MCPClient.builder(HttpEndpoint.of(server.uri()).withAuthorization(oauth))
                .protocol(ProtocolMode.modern())
                .timeout(Gate.PATIENCE)
                .build();
    }

    private MCPClient client(AuthorizationPrompt prompt) {
        return client(OAuth.forPerson(prompt, REDIRECT).build());
    }

    @Test
    void firstCall_signsInAndLaterOnesUseTheToken() throws Exception {
        try (MCPClient client = client(this::signIn)) {
            assertThat(client.call("t", Map.of()).get("ok").asBoolean()).isTrue();
            client.call("t", Map.of());
        }
        assertThat(pages).hasSize(1);
        Map<String, String> query = form(pages.get(0).getRawQuery());
        assertThat(query)
                .containsEntry("client_id", "registered")
                .containsEntry("scope", "read")
                .containsEntry("resource", server.uri().toString())
                .containsEntry("code_challenge_method", "S256");
        assertThat(grants.get(0))
                .containsEntry("resource", server.uri().toString())
                .containsEntry("redirect_uri", REDIRECT.toString())
                .containsKey("code_verifier");
        Request registration = issuer.requests().stream()
                .filter(request -> request.path().equals("/register"))
                .findFirst()
                .orElseThrow();
        assertThat(registration.body().get("application_type").asText()).isEqualTo("native");
        assertThat(registration.header("Authorization")).isNull();
    }

    @Test
    void manyRefusedCalls_askThePersonOnce() throws Exception {
        try (MCPClient client = client(this::signIn)) {
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(client.tool("t").start());
            }
            CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();
        }
        assertThat(pages).hasSize(1);
    }

    @Test
    void moreScopes_areAskedForTogetherWithTheOldOnes() throws Exception {
        try (MCPClient client = client(this::signIn)) {
            client.call("t", Map.of());
            wanted = "write";
            client.call("t", Map.of());
        }
        assertThat(pages).hasSize(2);
        assertThat(form(pages.get(1).getRawQuery())).containsEntry("scope", "read write");
    }

    @Test
    void withdrawnToken_isRefreshedWithoutThePerson() throws Exception {
        try (MCPClient client = client(this::signIn)) {
            client.call("t", Map.of());
            valid = "none";
            client.call("t", Map.of());
            assertThat(pages).hasSize(1);
            assertThat(grants.get(1))
                    .containsEntry("grant_type", "refresh_token")
                    .containsEntry("refresh_token", "refresh-1")
                    .containsEntry("resource", server.uri().toString());
            refused = "refresh_token";
            valid = "none";
            client.call("t", Map.of());
            assertThat(pages).hasSize(2);
        }
    }

    @Test
    void serverThatRefusesEveryToken_isGivenUp() throws Exception {
        try (ForeignServer never = new ForeignServer(request -> {
                    if (request.path().startsWith("/.well-known")) {
                        request.json(200, resource.toString());
                    } else {
                        request.header("WWW-Authenticate", "Bearer scope=\"read\"");
                        request.send(401, "text/plain", "");
                    }
                });
                MCPClient client = MCPClient.builder(HttpEndpoint.of(never.uri())
                                .withAuthorization(
                                        OAuth.forPerson(this::signIn, REDIRECT).build()))
                        .protocol(ProtocolMode.modern())
                        .build()) {
            resource.put("resource", never.uri().toString());
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOfSatisfying(MCPClientException.class, e -> assertThat(e.httpStatus())
                            .hasValue(401));
            assertThat(pages.size()).isLessThanOrEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other resource",
                "other issuer",
                "no PKCE",
                "no issuer",
                "http issuer",
                "wrong state",
                "wrong iss",
                "no iss",
                "code twice",
                "declined",
                "person failed",
                "token refused",
            })
    void whatDoesNotFit_isRefused(String what) {
        AuthorizationPrompt prompt =
                switch (what) {
                    case "wrong state" ->
                        page -> URI.create(REDIRECT + "?code=c&state=x&iss="
                                + metadata.get("issuer").asText());
                    case "wrong iss" -> page -> URI.create(signIn(page) + "/");
                    case "no iss" -> page -> URI.create(signIn(page).toString().replaceAll("&iss=.*", ""));
                    case "code twice" -> page -> URI.create(signIn(page) + "&code=d");
                    case "declined" ->
                        page -> URI.create(signIn(page).toString().replace("code=c", "error=access_denied"));
                    case "person failed" ->
                        page -> {
                            throw new IllegalStateException("no browser");
                        };
                    default -> this::signIn;
                };
        switch (what) {
            case "other resource" -> resource.put("resource", "https://evil.example/mcp");
            case "other issuer" -> metadata.put("issuer", "https://evil.example");
            case "no PKCE" -> metadata.remove("code_challenge_methods_supported");
            case "no issuer" -> resource.remove("authorization_servers");
            case "http issuer" -> resource.putArray("authorization_servers").add("http://evil.example");
            case "token refused" -> refused = "authorization_code";
            default -> {}
        }
        try (MCPClient client = client(prompt)) {
            assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOf(MCPAuthorizationException.class);
        }
        assertThat(issued.get()).isZero();
    }

    @Test
    void credentialsOfAProgram_goToTheirIssuerOnly() {
        String address = metadata.get("issuer").asText();
        try (MCPClient client =
                client(OAuth.forMachine(new OAuthClientId(address, "job", "secret", "client_secret_post")))) {
            assertThat(client.call("t", Map.of()).get("ok").asBoolean()).isTrue();
        }
        assertThat(grants.get(0))
                .containsEntry("grant_type", "client_credentials")
                .containsEntry("client_secret", "secret");
        issued.set(0);
        OAuthClientId elsewhere = new OAuthClientId("https://other.example", "job", "secret", null);
        assertThat(elsewhere.toString()).doesNotContain("secret");
        try (MCPClient client = client(OAuth.forMachine(elsewhere))) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPAuthorizationException.class)
                    .hasMessageContaining("other.example");
        }
        assertThat(grants).hasSize(1);
    }

    @Test
    void serverThatNamesAnAddressOfThisMachine_isNotFollowedThere() throws Exception {
        // The server is in this test a public one by its name only: what counts is that the request is refused before
        // it is sent.
        AtomicInteger asked = new AtomicInteger();
        try (ForeignServer inner = new ForeignServer(request -> {
            asked.incrementAndGet();
            request.json(200, "{}");
        })) {
            OAuth oauth = OAuth.forPerson(this::signIn, REDIRECT).build();
            var refusal = new io.qicore.mcp.client.endpoint.HttpAuthorization.Refusal(
                    "tools/call t",
                    java.util.Optional.empty(),
                    new io.qicore.mcp.client.error.HttpAnswer(
                            401, "Bearer resource_metadata=\"" + inner.uri() + "\"", null),
                    1);
            assertThatThrownBy(() -> oauth.refused(URI.create("https://203.0.113.7/mcp"), refusal)
                            .toCompletableFuture()
                            .join())
                    .hasCauseInstanceOf(MCPAuthorizationException.class)
                    .hasMessageContaining("refused");
            assertThat(asked).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503})
    void authorizationServerThatIsDown_doesNotCostTheRefreshToken(int status) throws Exception {
        down = status;
        try (MCPClient client = client(this::signIn)) {
            client.call("t", Map.of());
            valid = "none";
            broken = true;
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPAuthorizationException.class)
                    .hasMessageContaining("now");
            broken = false;
            client.call("t", Map.of());
        }
        assertThat(pages).hasSize(1);
    }

    /** An authorization of the application whose methods throw from a call on. */
    private static HttpAuthorization throwing(String method, int from) {
        AtomicInteger calls = new AtomicInteger();
        return new HttpAuthorization() {
            private void called(String name) {
                if (name.equals(method) && calls.incrementAndGet() >= from) {
                    throw new IllegalStateException("The store is locked.");
                }
            }

            @Override
            public CompletionStage<Optional<String>> credentials(URI server) {
                called("credentials");
                return CompletableFuture.completedFuture(Optional.empty());
            }

            @Override
            public CompletionStage<Boolean> refused(URI server, Refusal refusal) {
                called("refused");
                return CompletableFuture.completedFuture(true);
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"credentials, 1", "credentials, 2", "refused, 1", "refused, 2"})
    void authorizationThatThrows_failsTheCallAtOnce(String method, int from) {
        try (MCPClient client = MCPClient.builder(
                        HttpEndpoint.of(server.uri()).withAuthorization(throwing(method, from)))
                .timeout(Gate.PATIENCE)
                .build()) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPAuthorizationException.class)
                    .hasMessageContaining("cannot be got");
        }
    }

    @Test
    void operationThatIsRefusedWithAllItsScopes_asksThePersonOnce() throws Exception {
        try (MCPClient client = client(this::signIn)) {
            client.call("t", Map.of());
            wanted = "never";
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> client.call("t", Map.of()))
                        .isInstanceOfSatisfying(MCPClientException.class, e -> assertThat(e.httpStatus())
                                .hasValue(403));
            }
            assertThat(pages).hasSize(2);
            // Another operation may be allowed with them.
            assertThatThrownBy(() -> client.call("u", Map.of())).isInstanceOf(MCPClientException.class);
            assertThat(pages).hasSize(3);
            assertThat(form(pages.get(2).getRawQuery())).containsEntry("scope", "read never");
        }
    }

    @Test
    void tokenThatCannotBeSent_isAnErrorWithoutIt() throws Exception {
        oddToken = "s3cret\\u0001x";
        try (MCPClient client = client(this::signIn)) {
            long start = System.nanoTime();
            Throwable failure = catchThrowable(() -> client.call("t", Map.of()));
            assertThat(failure).isInstanceOf(MCPClientException.class);
            java.io.StringWriter trace = new java.io.StringWriter();
            failure.printStackTrace(new java.io.PrintWriter(trace));
            assertThat(trace.toString()).doesNotContain("s3cret");
            assertThat(java.time.Duration.ofNanos(System.nanoTime() - start)).isLessThan(Gate.PATIENCE.dividedBy(2));
        }
    }

    @Test
    void tokensOfAnotherType_areRefused() throws Exception {
        tokenType = "DPoP";
        try (MCPClient client = client(this::signIn)) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPAuthorizationException.class)
                    .hasMessageNotContaining("token-1");
        }
    }

    @Test
    void membersThatAreNull_areAsGoodAsMissing() throws Exception {
        metadata.putNull("scopes_supported").putNull("registration_endpoint_auth_methods");
        metadata.putNull("jwks_uri");
        try (MCPClient client = client(this::signIn)) {
            assertThat(client.call("t", Map.of()).get("ok").asBoolean()).isTrue();
        }
    }

    @Test
    void redirectOfTheTokenEndpoint_isNotFollowed() throws Exception {
        try (ForeignServer thief = new ForeignServer(request -> request.json(200, "{}"))) {
            redirectTo = thief.uri().toString();
            try (MCPClient client = client(this::signIn)) {
                assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOf(MCPAuthorizationException.class);
            }
            assertThat(thief.requests()).isEmpty();
        }
    }

    @Test
    void answerOfEndlessSize_isRefused() throws Exception {
        metadata.put("padding", "x".repeat(2 << 20));
        try (MCPClient client = client(this::signIn)) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPAuthorizationException.class)
                    .hasStackTraceContaining("more than 1048576 bytes");
        }
    }

    @Test
    void applicationsHttpClient_isUsed() {
        AtomicInteger connections = new AtomicInteger();
        HttpClient own = HttpClient.newBuilder()
                .proxy(new java.net.ProxySelector() {
                    @Override
                    public List<java.net.Proxy> select(URI uri) {
                        connections.incrementAndGet();
                        return List.of(java.net.Proxy.NO_PROXY);
                    }

                    @Override
                    public void connectFailed(URI uri, java.net.SocketAddress address, IOException failure) {
                        throw new AssertionError(failure);
                    }
                })
                .build();
        try (MCPClient client =
                client(OAuth.forPerson(this::signIn, REDIRECT).build().withHttpClient(own))) {
            client.call("t", Map.of());
        }
        assertThat(connections).hasPositiveValue();
        assertThatThrownBy(() -> OAuth.forPerson(this::signIn, REDIRECT)
                        .build()
                        .withHttpClient(HttpClient.newBuilder()
                                .followRedirects(HttpClient.Redirect.ALWAYS)
                                .build()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void privateAnswers_areForgottenWithTheCredentials() throws Exception {
        try (MCPClient client = client(this::signIn)) {
            client.call("t", Map.of());
            client.listPrompts();
            client.listPrompts();
            client.listResources();
            assertThat(server.requests("prompts/list")).hasSize(1);
            // Another person signs in.
            valid = "none";
            refused = "refresh_token";
            client.call("t", Map.of());
            assertThat(pages).hasSize(2);
            client.listPrompts();
            client.listResources();
            assertThat(server.requests("prompts/list")).hasSize(2);
            assertThat(server.requests("resources/list")).hasSize(1);
        }
    }

    @Test
    void sessions_areEndedAndStreamsOpenedWithCredentials() throws Exception {
        try (MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri())
                        .withAuthorization(
                                OAuth.forPerson(this::signIn, REDIRECT).build()))
                .protocol(ProtocolMode.legacy())
                .onForm(form -> form.decline())
                .timeout(Gate.PATIENCE)
                .build()) {
            client.call("t", Map.of());
        }
        for (String method : List.of("GET", "DELETE")) {
            assertThat(server.requests(method).stream()
                            .filter(request -> request.path().equals("/mcp")))
                    .singleElement()
                    .satisfies(request ->
                            assertThat(request.header("Authorization")).isEqualTo("Bearer token-1"));
        }
    }

    @Test
    void olderTransport_getsCredentialsToo() throws Exception {
        try (MCPClient client = MCPClient.builder(HttpEndpoint.sse(server.uri().resolve("/sse"))
                        .withAuthorization(
                                OAuth.forPerson(this::signIn, REDIRECT).build()))
                .timeout(Gate.PATIENCE)
                .build()) {
            resource.put("resource", server.uri().resolve("/").toString());
            assertThat(client.call("t", Map.of()).get("ok").asBoolean()).isTrue();
        }
        assertThat(pages).hasSize(1);
        assertThat(server.requests("tools/call").get(0).header("Authorization")).isEqualTo("Bearer token-1");
    }
}
