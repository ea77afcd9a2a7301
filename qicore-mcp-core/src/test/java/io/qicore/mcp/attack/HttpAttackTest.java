package io.qicore.mcp.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.auth.apikey.ApiKey;
import io.qicore.mcp.auth.apikey.ApiKeys;
import io.qicore.mcp.auth.oauth.Issuer;
import io.qicore.mcp.auth.oauth.OAuthResourceServer;
import io.qicore.mcp.policy.ToolRights;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that try to get past the authentication, on every way over HTTP, while {@link LogScan} reads the log. What is refused is
 * refused as documented, and no secret gets into a log.
 */
@ParameterizedClass
@EnumSource(Surface.class)
class HttpAttackTest {

    private static final String METADATA =
            "resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\"";
    private static final String READER = ApiKey.random();
    private static final String OTHER = ApiKey.random();

    @Parameter
    Surface surface;

    private static Issuer issuer;
    private static int keyRequestsBefore;
    private static Map<String, String> attacks;
    private static String good;
    private static HttpVictim tokens;
    private static HttpVictim keys;
    private static LogScan log;

    @BeforeAll
    static void begin() throws Exception {
        log = LogScan.start();
        issuer = new Issuer();
        good = log.secret(issuer.token("alice", "read"));
        attacks = TokenAttacks.of(issuer);
        attacks.values().forEach(log::secret);
        log.secret(READER);
        log.secret(OTHER);
        log.secret(issuer.key().getPrivateExponent().toString());
    }

    @AfterAll
    static void end() {
        try {
            issuer.close();
            log.assertClean();
        } finally {
            log.close();
        }
    }

    @BeforeParameterizedClassInvocation
    static void start(Surface surface) throws Exception {
        keyRequestsBefore = issuer.keyRequests();
        tokens = new HttpVictim(
                surface,
                OAuthResourceServer.builder(issuer.uri(), URI.create(Issuer.AUDIENCE))
                        .keysInterval(Duration.ofHours(1))
                        .build(),
                ToolRights.create().withStepUp(),
                Map.of("Authorization", "Bearer " + good));
        keys = new HttpVictim(
                surface,
                ApiKeys.of(List.of(
                        ApiKey.of("reader", READER, Set.of("read")), ApiKey.of("other", OTHER, Set.of("read")))),
                ToolRights.create(),
                Map.of("X-API-Key", READER));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        tokens.close();
        keys.close();
    }

    /** Rows by name, without what XML reports cannot hold. */
    private static <T> Stream<Arguments> rows(Map<String, T> rows) {
        return rows.entrySet().stream()
                .map(row -> Arguments.of(
                        row.getKey().replaceAll("[^ -~]", "?").replace('{', '(').replace('}', ')'), row.getValue()));
    }

    static Stream<Arguments> tokens() {
        return rows(attacks);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tokens")
    void token_isRefused(String name, String token) throws Exception {
        for (String answer : tokens.answers(Map.of("Authorization", "Bearer " + token))) {
            assertThat(HttpVictim.isServed(answer)).as(name + ": " + answer).isFalse();
            assertThat(answer)
                    .as(name)
                    .startsWith("HTTP/1.1 401")
                    .containsIgnoringCase(
                            "WWW-Authenticate: Bearer realm=\"mcp\", error=\"invalid_token\", scope=\"read\", "
                                    + METADATA)
                    .contains("-31001")
                    .doesNotContain(token.length() > 20 ? token : "nothing");
        }
    }

    @Test
    void goodCredentials_areServed() throws Exception {
        // Otherwise the rows of this class would show nothing.
        for (String answer : tokens.answers(Map.of("Authorization", "Bearer " + good))) {
            assertThat(HttpVictim.isServed(answer)).as(answer).isTrue();
        }
        for (String answer : keys.answers(Map.of("X-API-Key", READER))) {
            assertThat(HttpVictim.isServed(answer)).as(answer).isTrue();
        }
    }

    @Test
    void floodOfUnknownKeys_asksForKeysOnce() throws Exception {
        for (int i = 0; i < 30; i++) {
            String token = log.secret(Issuer.sign(
                    issuer.claims("mallory", "admin").build(),
                    issuer.key(),
                    Issuer.header(issuer.key()).keyID("unknown-" + i).build()));
            for (String answer : tokens.answers(Map.of("Authorization", "Bearer " + token))) {
                assertThat(answer).startsWith("HTTP/1.1 401");
            }
        }
        // The first token may have come before this test.
        assertThat(issuer.keyRequests() - keyRequestsBefore).isOne();
    }

    static Stream<Arguments> places() {
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        rows.put("nothing", Map.of());
        rows.put("as API key", Map.of("X-API-Key", good));
        rows.put("without a scheme", Map.of("Authorization", good));
        rows.put("scheme Basic", Map.of("Authorization", "Basic " + good));
        rows.put("scheme Token", Map.of("Authorization", "Token " + good));
        rows.put("scheme DPoP", Map.of("Authorization", "DPoP " + good));
        rows.put("scheme only", Map.of("Authorization", "Bearer"));
        rows.put("scheme and blanks", Map.of("Authorization", "Bearer   "));
        rows.put("empty", Map.of("Authorization", ""));
        rows.put("tab after the scheme", Map.of("Authorization", "Bearer\t" + good));
        rows.put("scheme twice", Map.of("Authorization", "Bearer Bearer " + good));
        rows.put("two schemes", Map.of("Authorization", "Basic x, Bearer " + good));
        rows.put("two tokens with a comma", Map.of("Authorization", "Bearer " + good + ", Bearer " + good));
        rows.put("header twice", Map.of("Authorization", "Bearer " + good + "\r\nAuthorization: Bearer " + good));
        rows.put("header twice, other case", Map.of("Authorization", "Bearer " + good + "\r\nAUTHORIZATION: Basic x"));
        rows.put("header twice, first empty", Map.of("Authorization", "\r\nAuthorization: Bearer " + good));
        rows.put("Proxy-Authorization", Map.of("Proxy-Authorization", "Bearer " + good));
        rows.put("X-Forwarded-Authorization", Map.of("X-Forwarded-Authorization", "Bearer " + good));
        rows.put("cookie", Map.of("Cookie", "access_token=" + good + "; Authorization=Bearer " + good));
        rows.put(
                "user of a proxy",
                Map.of("X-Forwarded-User", "alice", "X-Remote-User", "alice", "Remote-User", "alice"));
        rows.put(
                "client certificate of a proxy",
                Map.of("X-Client-Cert", "CN=alice", "X-Forwarded-Client-Cert", "Subject=alice"));
        rows.put("session", Map.of("Mcp-Session-Id", good));
        rows.put("other method", Map.of("X-HTTP-Method-Override", "OPTIONS", "X-Method-Override", "GET"));
        return rows(rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("places")
    void tokenElsewhere_doesNotCount(String name, Map<String, String> headers) throws Exception {
        for (String answer : tokens.answers(headers)) {
            assertThat(HttpVictim.isServed(answer)).as(name + ": " + answer).isFalse();
            assertThat(answer)
                    .as(name)
                    .startsWith("HTTP/1.1 401")
                    .containsIgnoringCase("WWW-Authenticate: Bearer realm=\"mcp\"")
                    .contains(METADATA)
                    .doesNotContain(good);
        }
    }

    static Stream<Arguments> keys() {
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        rows.put("nothing", Map.of());
        rows.put("empty", Map.of("X-API-Key", ""));
        rows.put("longer", Map.of("X-API-Key", READER + "x"));
        rows.put("shorter", Map.of("X-API-Key", READER.substring(0, READER.length() - 1)));
        rows.put("without the first letter", Map.of("X-API-Key", READER.substring(1)));
        rows.put("prefix only", Map.of("X-API-Key", ApiKey.PREFIX));
        rows.put("other case", Map.of("X-API-Key", READER.toLowerCase(java.util.Locale.ROOT)));
        rows.put(
                "its hash",
                Map.of("X-API-Key", ApiKey.of("reader", READER, Set.of("read")).sha256()));
        rows.put("its name", Map.of("X-API-Key", "reader"));
        rows.put("two with a comma", Map.of("X-API-Key", READER + "," + OTHER));
        rows.put("two with a blank", Map.of("X-API-Key", READER + " " + OTHER));
        rows.put("header twice", Map.of("X-API-Key", READER + "\r\nX-API-Key: " + READER));
        rows.put("header twice, two keys", Map.of("X-API-Key", READER + "\r\nx-api-key: " + OTHER));
        rows.put("both headers", Map.of("X-API-Key", READER, "Authorization", "Bearer " + READER));
        rows.put("both headers, other key", Map.of("X-API-Key", READER, "Authorization", "Bearer " + OTHER));
        rows.put("scheme Basic", Map.of("Authorization", "Basic " + READER));
        rows.put("scheme ApiKey", Map.of("Authorization", "ApiKey " + READER));
        rows.put("without a scheme", Map.of("Authorization", READER));
        rows.put("Api-Key", Map.of("Api-Key", READER));
        rows.put("X-Auth-Token", Map.of("X-Auth-Token", READER));
        rows.put("X_API_Key", Map.of("X_API_Key", READER));
        rows.put("cookie", Map.of("Cookie", "X-API-Key=" + READER));
        rows.put("token", Map.of("Authorization", "Bearer " + good));
        rows.put("quotes", Map.of("X-API-Key", "\"" + READER + "\""));
        rows.put("any", Map.of("X-API-Key", "*"));
        rows.put("long", Map.of("X-API-Key", "k".repeat(6_000)));
        return rows(rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void key_isRefused(String name, Map<String, String> headers) throws Exception {
        for (String answer : keys.answers(headers)) {
            assertThat(HttpVictim.isServed(answer)).as(name + ": " + answer).isFalse();
            assertThat(answer)
                    .as(name)
                    .startsWith("HTTP/1.1 401")
                    .containsIgnoringCase("WWW-Authenticate: Bearer realm=\"mcp\"")
                    .doesNotContain("resource_metadata", READER, OTHER);
        }
    }

    /** A request as bytes, with the statuses that may answer it; 0 is a connection that is closed without an answer. */
    record Raw(Set<Integer> statuses, String bytes) {}

    private static final String TYPE =
            "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";
    private static final String LENGTH = "Content-Length: " + HttpVictim.CALL.length() + "\r\n";
    private static final String BASE = "MCP-Protocol-Version: 2025-11-25\r\n" + TYPE;

    private static String post(String headers) {
        return "POST " + tokens.path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + BASE + LENGTH + headers
                + "\r\n" + HttpVictim.CALL;
    }

    private static String target(String method, String target, String headers) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + BASE + LENGTH + headers
                + "\r\n" + HttpVictim.CALL;
    }

    static Stream<Arguments> bytes() throws Exception {
        String auth = "Authorization: Bearer " + good + "\r\n";
        String other = log.secret(issuer.token("bob", "read"));
        String chunked = Integer.toHexString(HttpVictim.CALL.length()) + "\r\n" + HttpVictim.CALL + "\r\n0\r\n";
        String smuggled =
                "POST " + tokens.path + " HTTP/1.1\r\nHost: localhost\r\n" + BASE + LENGTH + "\r\n" + HttpVictim.CALL;
        Set<Integer> malformed = Set.of(0, 400, 401);
        Set<Integer> unauthorized = Set.of(401);
        Set<Integer> sender = Set.of(400, 403);
        Map<String, Raw> rows = new LinkedHashMap<>();
        rows.put("header hidden in a folded line", new Raw(malformed, post("X-Junk: a\r\n " + auth)));
        rows.put("header hidden behind a carriage return", new Raw(malformed, post("X-Junk: a\r" + auth)));
        rows.put("header hidden behind a NUL", new Raw(malformed, post("X-Junk: a\0" + auth)));
        rows.put("name with a NUL", new Raw(malformed, post("Authorization\0: Bearer " + good + "\r\n")));
        rows.put("name with a blank before it", new Raw(malformed, post(" " + auth)));
        rows.put("token with a NUL", new Raw(malformed, post("Authorization: Bearer " + good + "\0\r\n")));
        rows.put("token with a carriage return", new Raw(malformed, post("Authorization: Bearer " + good + "\rx\r\n")));
        rows.put(
                "second token behind a line feed",
                new Raw(
                        malformed,
                        post("Authorization: Bearer " + other + "\nAuthorization: Bearer " + good + "\r\n")));
        rows.put(
                "second token in a folded line",
                new Raw(malformed, post("Authorization: Bearer " + other + "\r\n ,Bearer " + good + "\r\n")));
        rows.put(
                "header in a trailer",
                new Raw(
                        malformed,
                        "POST " + tokens.path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + BASE
                                + "Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n" + chunked + auth
                                + "\r\n"));
        rows.put(
                "token in the query",
                new Raw(
                        Set.of(401, 404),
                        target(
                                "POST",
                                tokens.path + (tokens.path.contains("?") ? "&" : "?") + "access_token=" + good,
                                "")));
        rows.put("token in the path", new Raw(Set.of(400, 401, 404, 405), target("POST", "/mcp/" + good, "")));
        rows.put(
                "token as form",
                new Raw(
                        Set.of(401, 415),
                        target("POST", tokens.path, "")
                                .replace("application/json\r\nAccept", "application/x-www-form-urlencoded\r\nAccept")
                                .replace(
                                        HttpVictim.CALL,
                                        ("access_token=" + good + "&").substring(0, HttpVictim.CALL.length()))));
        for (String path : List.of(
                "/mcp;a=b",
                "/mcp/",
                "//mcp",
                "/./mcp",
                "/x/../mcp",
                "/%6dcp",
                "/mcp%00",
                "/mcp%2f",
                "/MCP",
                "/mcp?",
                "/mcp#x",
                "/health/../mcp",
                "/.well-known/oauth-protected-resource/../../mcp",
                "/messages",
                "/messages?t=x",
                "/sse/../messages")) {
            rows.put("path " + path, new Raw(Set.of(400, 401, 404, 405), target("POST", path, "")));
        }
        rows.put(
                "whole URL of another host",
                new Raw(sender, target("POST", "http://evil.example" + tokens.path, auth)));
        rows.put(
                "user in the URL",
                new Raw(Set.of(400, 401, 403), target("POST", "http://alice:x@localhost" + tokens.path, "")));
        for (String host : List.of(
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "localhost@evil.example",
                "evil.example:80",
                "[::ffff:7f00:1]",
                "0.0.0.0",
                "localhost, evil.example",
                "localhost evil.example")) {
            rows.put("host " + host, new Raw(sender, post(auth).replace("Host: localhost", "Host: " + host)));
        }
        rows.put(
                "upgrade to HTTP/2",
                new Raw(
                        Set.of(400, 401),
                        post("").replace(
                                        "Connection: close",
                                        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__")));
        rows.put("no host", new Raw(sender, post(auth).replace("Host: localhost\r\n", "")));
        rows.put("two hosts", new Raw(sender, post(auth + "Host: evil.example\r\n")));
        for (String origin : List.of(
                "https://evil.example",
                "null",
                "http://localhost.evil.example",
                "file://",
                "http://127.0.0.1.evil.example",
                "http://localhost:1, https://evil.example")) {
            rows.put("origin " + origin, new Raw(Set.of(403), post(auth + "Origin: " + origin + "\r\n")));
        }
        rows.put(
                "two origins",
                new Raw(Set.of(403), post(auth + "Origin: http://localhost\r\nOrigin: https://evil.example\r\n")));
        rows.put(
                "forwarded host",
                new Raw(
                        unauthorized,
                        post(
                                "X-Forwarded-Host: localhost\r\nX-Forwarded-For: 127.0.0.1\r\nForwarded: for=127.0.0.1\r\n")));
        for (String length : List.of("+5", "-1", "0x10", "5, 6", "5;", "99999999999999999999", "")) {
            rows.put(
                    "length '" + length + "'",
                    new Raw(
                            Set.of(0, 400, 401, 411, 413),
                            post("").replace(LENGTH, "Content-Length: " + length + "\r\n")));
        }
        rows.put("two lengths", new Raw(malformed, post("Content-Length: 1\r\n")));
        rows.put(
                "body that is never sent",
                new Raw(
                        unauthorized,
                        "POST " + tokens.path + " HTTP/1.1\r\nHost: localhost\r\n" + BASE
                                + "Content-Length: 100000\r\n\r\n"));
        rows.put(
                "expects to be asked for the body",
                new Raw(
                        Set.of(401, 417),
                        "POST " + tokens.path
                                + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n" + BASE
                                + LENGTH + "\r\n"));
        rows.put("HTTP/0.9", new Raw(Set.of(0, 400, 426, 505), "POST " + tokens.path + "\r\n\r\n"));
        rows.put("HTTP/3.0", new Raw(Set.of(0, 400, 401, 505), post("").replace("HTTP/1.1", "HTTP/3.0")));
        rows.put("HTTP/2 without asking", new Raw(Set.of(0, 400, 426, 505), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        for (String method :
                List.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "post", "PATCH", "POST\0")) {
            rows.put("method " + method, new Raw(Set.of(0, 400, 401, 405, 501), target(method, tokens.path, auth)));
        }
        rows.put(
                "header of 10 MB",
                new Raw(Set.of(0, 400, 413, 431), post("Authorization: Bearer " + "a".repeat(10 << 20) + "\r\n")));
        rows.put("300 headers", new Raw(Set.of(0, 400, 401, 413, 431), post("X-A: b\r\n".repeat(300))));
        rows.put(
                "token of 20 KB",
                new Raw(Set.of(0, 400, 413, 431), post("Authorization: Bearer " + "a".repeat(20_000) + "\r\n")));
        // In these, a request without credentials follows one with good ones, and may not be answered because of them.
        rows.put(
                "length and chunks, by length",
                new Raw(
                        Set.of(),
                        "POST " + tokens.path + " HTTP/1.1\r\nHost: localhost\r\n" + BASE + auth + "Content-Length: "
                                + (5 + smuggled.length()) + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                                + smuggled));
        for (String encoding : List.of(
                "xchunked",
                "chunked, identity",
                "identity",
                "\u000bchunked",
                "chunked\r\nTransfer-Encoding: x",
                "gzip, chunked")) {
            rows.put(
                    "encoding " + encoding.replace("\r\n", " and "),
                    new Raw(
                            Set.of(),
                            "POST " + tokens.path + " HTTP/1.1\r\nHost: localhost\r\n" + BASE + auth
                                    + "Transfer-Encoding: " + encoding + "\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
                                    + smuggled));
        }
        rows.put(
                "next request on the connection",
                new Raw(
                        Set.of(),
                        post(auth).replace("Connection: close\r\n", "")
                                + smuggled.replace("Host: localhost", "Host: localhost\r\nConnection: close")));
        return rows(rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bytes")
    void bytes_areRefused(String name, Raw attack) throws Exception {
        String answer = tokens.raw(attack.bytes());
        String shown = name + ": " + (answer.length() > 2_000 ? answer.substring(0, 2_000) : answer);
        if (attack.statuses().isEmpty()) {
            assertThat(served(answer)).as(shown).isLessThanOrEqualTo(1);
            return;
        }
        assertThat(HttpVictim.isServed(answer)).as(shown).isFalse();
        assertThat(HttpVictim.status(answer)).as(shown).isIn(attack.statuses());
        if (surface == Surface.JETTY) {
            // A container has pages of its own for malformed requests.
            assertThat(answer).doesNotContain(good);
        }
    }

    /** How many requests were served. */
    private static int served(String answer) {
        List<String> answers = new ArrayList<>(List.of(answer.split("HTTP/1\\.1 ")));
        answers.removeIf(one -> !HttpVictim.isServed("HTTP/1.1 " + one));
        return answers.size();
    }

    @Test
    void keyInTheUrl_doesNotCount() throws Exception {
        for (String query : List.of("api_key=", "key=", "X-API-Key=", "access_token=")) {
            String target = keys.path + (keys.path.contains("?") ? "&" : "?") + query + READER;
            String answer = keys.raw(target("POST", target, ""));
            assertThat(answer).startsWith("HTTP/1.1 401").doesNotContain(READER);
        }
    }

    @Test
    void scopeThatIsTooSmall_isForbidden() throws Exception {
        String openid = log.secret(issuer.token("bob", "openid READ xread read2 mcp:read"));
        if (surface == Surface.HTTP_SSE) {
            // The answer comes on the stream; PrincipalAttackTest reads it.
            return;
        }
        String answer =
                tokens.answers(Map.of("Authorization", "Bearer " + openid)).get(0);
        assertThat(HttpVictim.isServed(answer)).isFalse();
        assertThat(answer)
                .startsWith("HTTP/1.1 403")
                .contains("-31002", "error=\"insufficient_scope\", scope=\"read\"", METADATA);
    }

    @Test
    void sessionOrStreamOfAnother_isNotFound() throws Exception {
        String bob = log.secret(issuer.token("bob", "read"));
        if (surface == Surface.HTTP_SSE) {
            // The stream is that of alice.
            assertThat(tokens.raw(post("Authorization: Bearer " + bob + "\r\n")))
                    .startsWith("HTTP/1.1 404");
            return;
        }
        String initialize =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                        + "\"capabilities\":{\"elicitation\":{}},\"clientInfo\":{\"name\":\"a\",\"version\":\"1\"}}}";
        String begun = tokens.raw(post("Authorization: Bearer " + good + "\r\n")
                .replace(HttpVictim.CALL, initialize)
                .replace(LENGTH, "Content-Length: " + initialize.length() + "\r\n"));
        String session = begun.lines()
                .filter(line -> line.regionMatches(true, 0, "Mcp-Session-Id:", 0, 15))
                .findFirst()
                .orElseThrow();
        String own = tokens.raw(post("Authorization: Bearer " + good + "\r\n" + session + "\r\n"));
        assertThat(HttpVictim.isServed(own)).as(own).isTrue();
        String stolen = tokens.raw(post("Authorization: Bearer " + bob + "\r\n" + session + "\r\n"));
        assertThat(HttpVictim.isServed(stolen)).as(stolen).isFalse();
        assertThat(stolen).startsWith("HTTP/1.1 404");
        // A session is not a credential.
        assertThat(tokens.raw(post(session + "\r\n"))).startsWith("HTTP/1.1 401");
    }

    @Test
    void metadata_tellsNothingSecret() throws Exception {
        String answer = keys.raw(
                "GET /.well-known/oauth-protected-resource/mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        // Clients of OAuth must not begin a flow with a server of keys.
        assertThat(HttpVictim.status(answer)).isNotEqualTo(200);
        answer = tokens.raw(
                "GET /.well-known/oauth-protected-resource/mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("keys", "private");
    }
}
