package io.qicore.mcp.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.auth.RequestHead;
import io.qicore.mcp.auth.oauth.Issuer;
import io.qicore.mcp.auth.oauth.OAuthResourceServer;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.MCPProtocolException;
import io.qicore.mcp.client.ToolDescription;
import io.qicore.mcp.engine.Wire;
import io.qicore.mcp.policy.AuditEvent;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.transport.ServerTransport;
import io.qicore.mcp.transport.servlet.HttpServing;
import io.qicore.mcp.transport.stdio.StdioPipe;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Authenticated principals who try to use what is not theirs, on every transport. On stdio and in the process there are no
 * credentials: the application names the caller, and the same rules hold for it.
 */
@ParameterizedClass
@EnumSource(PrincipalAttackTest.Place.class)
class PrincipalAttackTest {

    private static final String TASKS = "{\"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}";
    private static final String FORMS = "{\"elicitation\": {\"form\": {}}}";

    enum Place {
        JETTY(HttpServing.BUNDLED),
        TOMCAT(HttpServing.TOMCAT),
        SERVLET_IN_JETTY(HttpServing.SERVLET_IN_JETTY),
        HTTP_SSE(HttpServing.BUNDLED),
        STDIO(null),
        IN_PROCESS(null);

        private final HttpServing serving;

        @SuppressWarnings("NullAway")
        Place(HttpServing serving) {
            this.serving = serving;
        }

        /** Whether each answer has a status of its own. */
        boolean hasStatus() {
            return serving != null && this != HTTP_SSE;
        }
    }

    enum Principal {
        ALICE("alice", "admin"),
        /** The same name at another issuer, as after a change of the identity provider. */
        ALICE_ELSEWHERE("alice", "admin"),
        BOB("bob", "admin"),
        READER("reader", "read"),
        NOBODY("nobody", "openid");

        private final String subject;
        private final String scope;

        Principal(String subject, String scope) {
            this.subject = subject;
            this.scope = scope;
        }
    }

    /** A server with one set of rules. */
    private record World(AttackedServer server, Map<Principal, Channel> channels, HttpServing.Stop stop) {}

    @Parameter
    Place place;

    private static Issuer issuer;
    private static Issuer elsewhere;
    private static LogScan log;
    private static World hiding;
    private static World steppingUp;

    @BeforeAll
    static void begin() throws Exception {
        log = LogScan.start();
        issuer = new Issuer();
        elsewhere = new Issuer();
    }

    @AfterAll
    static void end() {
        try {
            issuer.close();
            elsewhere.close();
            log.assertClean();
        } finally {
            log.close();
        }
    }

    @BeforeParameterizedClassInvocation
    static void start(Place place) throws Exception {
        hiding = world(place, ToolRights.create());
        steppingUp = world(place, ToolRights.create().withStepUp());
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        for (World world : List.of(hiding, steppingUp)) {
            for (Channel channel : world.channels().values()) {
                channel.close();
            }
            world.stop().run();
        }
    }

    private static Issuer of(Principal principal) {
        return principal == Principal.ALICE_ELSEWHERE ? elsewhere : issuer;
    }

    private static World world(Place place, ToolRights rights) throws Exception {
        Map<Principal, Channel> channels = new EnumMap<>(Principal.class);
        if (place.serving != null) {
            HttpServing.Running running = place.serving.start(
                    transport -> AttackedServer.started(rights, transport),
                    HttpAccess.builder().authenticator(new TwoIssuers()).build(),
                    Duration.ofMinutes(1));
            for (Principal principal : Principal.values()) {
                String token = log.secret(of(principal).token(principal.subject, principal.scope));
                channels.put(
                        principal,
                        place == Place.HTTP_SSE
                                ? Channel.overSse(running.uri(), token)
                                : Channel.overHttp(running.uri(), token));
            }
            return new World((AttackedServer) running.server(), channels, running::close);
        }
        Map<Principal, StdioPipe> pipes = new EnumMap<>(Principal.class);
        List<ServerTransport> transports = new ArrayList<>();
        if (place == Place.STDIO) {
            for (Principal principal : Principal.values()) {
                StdioPipe pipe = new StdioPipe();
                pipes.put(principal, pipe);
                transports.add(pipe.transport().withCaller(caller(principal)));
                channels.put(principal, Channel.on(pipe.toClient(), pipe.toServer()));
            }
        }
        AttackedServer server = AttackedServer.started(rights, transports.toArray(ServerTransport[]::new));
        if (place == Place.IN_PROCESS) {
            for (Principal principal : Principal.values()) {
                channels.put(principal, Channel.into(server.engine(), caller(principal)));
            }
        }
        return new World(server, channels, () -> {
            server.close();
            for (StdioPipe pipe : pipes.values()) {
                pipe.close();
            }
        });
    }

    private static Caller caller(Principal principal) {
        return Caller.of(principal.subject)
                .withIssuer(of(principal).uri().toString())
                .withScopes(Set.of(principal.scope));
    }

    /** Accepts the tokens of both issuers, as an application might put it together. */
    private static final class TwoIssuers implements HttpAuthenticator {

        private final OAuthResourceServer one = server(issuer);
        private final OAuthResourceServer other = server(elsewhere);

        private static OAuthResourceServer server(Issuer issuer) {
            return OAuthResourceServer.builder(issuer.uri(), URI.create(Issuer.AUDIENCE))
                    .build();
        }

        @Override
        public CompletionStage<? extends Authentication> authenticate(RequestHead request) {
            Authentication first =
                    one.authenticate(request).toCompletableFuture().join();
            return first instanceof Caller ? one.authenticate(request) : other.authenticate(request);
        }

        @Override
        public Optional<Map<String, Object>> resourceMetadata() {
            return one.resourceMetadata();
        }
    }

    private static JsonNode send(World world, Principal principal, String message) throws Exception {
        return world.channels().get(principal).send(message);
    }

    private static void assertNoLoot(JsonNode answer) {
        assertThat(answer.toString()).doesNotContain(AttackedServer.LOOT, "silence");
    }

    private static int code(JsonNode answer) {
        return answer.at("/error/code").asInt();
    }

    @Test
    void owner_reachesEverything() throws Exception {
        for (String use : uses().values()) {
            assertThat(send(hiding, Principal.ALICE, use).toString()).contains(AttackedServer.LOOT);
        }
        assertThat(subscribed(hiding, Principal.ALICE)).hasToString("[\"loot://file\"]");
    }

    /** One use of each kind of offer, which answers with loot. */
    private static Map<String, String> uses() {
        Map<String, String> uses = new LinkedHashMap<>();
        uses.put("destructive tool", Wire.modernCall("destroy", "{}"));
        uses.put("tool", Wire.modernCall("look", "{}"));
        uses.put("resource", Wire.modern("resources/read", "\"uri\": \"loot://file\"", "{}"));
        uses.put("resource of a template", Wire.modern("resources/read", "\"uri\": \"loot://x\"", "{}"));
        uses.put("prompt", Wire.modern("prompts/get", "\"name\": \"plan\"", "{}"));
        uses.put(
                "completion of a prompt",
                Wire.modern(
                        "completion/complete",
                        "\"ref\": {\"type\": \"ref/prompt\", \"name\": \"plan\"}, \"argument\": {\"name\": \"a\", \"value\": \"\"}",
                        "{}"));
        uses.put(
                "completion of a resource",
                Wire.modern(
                        "completion/complete",
                        "\"ref\": {\"type\": \"ref/resource\", \"uri\": \"loot://{name}\"}, \"argument\": {\"name\": \"name\", \"value\": \"\"}",
                        "{}"));
        return uses;
    }

    private static JsonNode subscribed(World world, Principal principal) throws Exception {
        JsonNode first = send(
                world,
                principal,
                Wire.modern(
                        "subscriptions/listen",
                        "\"notifications\": {\"resourceSubscriptions\": [\"loot://file\"]}",
                        "{}"));
        return first.has("error") ? first : first.at("/params/notifications/resourceSubscriptions");
    }

    @Test
    void whatIsHidden_isAnsweredAsIfItWereUnknown() throws Exception {
        for (Map.Entry<String, String> use : uses().entrySet()) {
            JsonNode answer = send(hiding, Principal.NOBODY, use.getValue());
            assertNoLoot(answer);
            assertThat(code(answer)).as(use.getKey()).isEqualTo(-32602);
            String unknown = use.getValue()
                    .replace("destroy", "unknow")
                    .replace("look", "unkn")
                    .replace("loot:", "luut:")
                    .replace("plan", "unkn");
            String message =
                    send(hiding, Principal.ALICE, unknown).at("/error/message").asText();
            assertThat(answer.at("/error/message")
                            .asText()
                            .replace("destroy", "unknow")
                            .replace("look", "unkn")
                            .replace("loot:", "luut:")
                            .replace("plan", "unkn"))
                    .as(use.getKey())
                    .isEqualTo(message.replaceAll(" Did you mean.*", ""));
        }
        JsonNode destroyed = send(hiding, Principal.READER, Wire.modernCall("destroy", "{}"));
        assertNoLoot(destroyed);
        assertThat(code(destroyed)).isEqualTo(-32602);
        assertThat(subscribed(hiding, Principal.NOBODY)).isEmpty();
    }

    @Test
    void whatIsHidden_isNotListed() throws Exception {
        for (String method : List.of("tools/list", "resources/list", "resources/templates/list", "prompts/list")) {
            JsonNode listed = send(hiding, Principal.NOBODY, Wire.modern(method));
            assertThat(listed.at("/result").toString())
                    .as(method)
                    .doesNotContain("look", "destroy", "loot:", "plan", "nextCursor");
        }
    }

    @Test
    void cursorOfAnother_showsOnlyOnesOwn() throws Exception {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < 10; page++) {
            JsonNode own = send(hiding, Principal.ALICE, Wire.modern("tools/list", cursor, "{}"));
            if (!own.at("/result").has("nextCursor")) {
                break;
            }
            cursor = "\"cursor\": " + own.at("/result/nextCursor");
            for (Principal other : List.of(Principal.READER, Principal.NOBODY)) {
                JsonNode answer = send(hiding, other, Wire.modern("tools/list", cursor, "{}"));
                answer.at("/result/tools")
                        .forEach(
                                tool -> seen.add(other + " " + tool.path("name").asText()));
                assertThat(code(answer)).isIn(0, -32602);
            }
        }
        assertThat(cursor).isNotEmpty();
        assertThat(seen).isNotEmpty().noneMatch(name -> name.contains("destroy") || name.startsWith("NOBODY"));
    }

    @Test
    void rightThatIsMissing_isNamedWithStepUp() throws Exception {
        for (Map.Entry<String, String> use : uses().entrySet()) {
            JsonNode answer = send(steppingUp, Principal.NOBODY, use.getValue());
            assertDenied(answer, Principal.NOBODY, use.getKey().equals("destructive tool") ? "destructive" : "read");
        }
        assertDenied(
                send(steppingUp, Principal.READER, uses().get("destructive tool")), Principal.READER, "destructive");
        assertDenied(subscribed(steppingUp, Principal.NOBODY), Principal.NOBODY, "read");
        assertThat(send(steppingUp, Principal.READER, uses().get("tool")).toString())
                .contains(AttackedServer.LOOT);
        assertThat(send(steppingUp, Principal.ALICE, uses().get("destructive tool"))
                        .toString())
                .contains(AttackedServer.LOOT);
    }

    private void assertDenied(JsonNode answer, Principal principal, String scope) {
        assertNoLoot(answer);
        assertThat(code(answer)).as(answer.toString()).isEqualTo(-31002);
        if (place.hasStatus()) {
            Channel channel = steppingUp.channels().get(principal);
            assertThat(channel.status).isEqualTo(403);
            assertThat(channel.challenge)
                    .contains("error=\"insufficient_scope\", scope=\"" + scope + "\"", "resource_metadata=");
        }
    }

    @Test
    void olderClients_areHeldToTheSame() throws Exception {
        for (String version : List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")) {
            Channel nobody = hiding.channels().get(Principal.NOBODY);
            for (String message : List.of(
                    Wire.legacyCall("destroy", "{}"),
                    Wire.legacyCall("look", "{}"),
                    Wire.legacy("resources/read", "{\"uri\": \"loot://file\"}"),
                    Wire.legacy("resources/subscribe", "{\"uri\": \"loot://file\"}"),
                    Wire.legacy("prompts/get", "{\"name\": \"plan\"}"))) {
                JsonNode answer = nobody.sendOld(version, message);
                assertNoLoot(answer);
                assertThat(code(answer)).as(version + " " + message).isIn(-32602, -32002);
                JsonNode denied = steppingUp.channels().get(Principal.NOBODY).sendOld(version, message);
                assertNoLoot(denied);
                assertThat(code(denied)).as(version + " " + message).isEqualTo(-31002);
            }
        }
    }

    @Test
    void batch_isJudgedMessageByMessage() throws Exception {
        String batch = "[" + Wire.legacyCall("1", "look", "{}") + ", " + Wire.legacyCall("2", "destroy", "{}") + ", "
                + Wire.legacyCall("3", "look", "{}") + "]";
        JsonNode answers = hiding.channels().get(Principal.READER).sendOld("2025-03-26", batch);
        assertThat(answers.isArray()).as(answers.toString()).isTrue();
        answers.forEach(answer -> {
            boolean forbidden = answer.get("id").asInt() == 2;
            assertThat(answer.toString().contains(AttackedServer.LOOT)).isEqualTo(!forbidden);
            assertThat(code(answer)).isEqualTo(forbidden ? -32602 : 0);
        });
        JsonNode denied = steppingUp.channels().get(Principal.READER).sendOld("2025-03-26", batch);
        denied.forEach(
                answer -> assertThat(code(answer)).isEqualTo(answer.get("id").asInt() == 2 ? -31002 : 0));
    }

    @ParameterizedTest
    @EnumSource(
            value = Principal.class,
            names = {"ALICE", "READER"},
            mode = EnumSource.Mode.EXCLUDE)
    void stateOfAQuestion_belongsToWhoWasAsked(Principal other) throws Exception {
        String ask = Wire.modern("tools/call", "\"name\": \"ask\", \"arguments\": {}", FORMS);
        String state =
                send(hiding, Principal.ALICE, ask).at("/result/requestState").toString();
        assertThat(state).hasSizeGreaterThan(20);
        String again = Wire.modern(
                "tools/call",
                "\"name\": \"ask\", \"arguments\": {}, \"requestState\": " + state
                        + ", \"inputResponses\": {\"sure\": {\"action\": \"accept\", \"content\": {\"sure\": true}}}",
                FORMS);
        JsonNode stolen = send(hiding, other, again);
        assertNoLoot(stolen);
        assertThat(code(stolen)).isEqualTo(-32602);
        assertThat(send(hiding, Principal.ALICE, again).toString()).contains(AttackedServer.LOOT);
    }

    @ParameterizedTest
    @EnumSource(value = Principal.class, names = "ALICE", mode = EnumSource.Mode.EXCLUDE)
    void task_belongsToWhoBeganIt(Principal other) throws Exception {
        String begin = Wire.modern("tools/call", "\"name\": \"work\", \"arguments\": {}", TASKS);
        String task = send(hiding, Principal.ALICE, begin).at("/result/taskId").toString();
        assertThat(task).hasSizeGreaterThan(20);
        for (String method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
            String use = Wire.modern(method, "\"taskId\": " + task + ", \"inputResponses\": {}", TASKS);
            JsonNode stolen = send(hiding, other, use);
            assertNoLoot(stolen);
            assertThat(code(stolen)).isEqualTo(-32602);
            JsonNode unknown = send(hiding, other, use.replace(task, "\"0123456789abcdef\""));
            assertThat(stolen.at("/error/message").asText().replace(task.replace("\"", ""), "0123456789abcdef"))
                    .isEqualTo(unknown.at("/error/message").asText());
        }
        JsonNode listening = send(
                hiding,
                other,
                Wire.modern("subscriptions/listen", "\"notifications\": {\"taskIds\": [" + task + "]}", TASKS));
        assertThat(listening.at("/params/notifications")).isEmpty();
        JsonNode own = send(hiding, Principal.ALICE, Wire.modern("tasks/get", "\"taskId\": " + task, TASKS));
        assertThat(own.at("/result/status").asText()).isEqualTo("working");
        send(hiding, Principal.ALICE, Wire.modern("tasks/cancel", "\"taskId\": " + task, TASKS));
    }

    @Test
    void inProcessClient_isTheCallerThatTheApplicationNames() {
        for (World world : List.of(hiding, steppingUp)) {
            try (MCPClient reader = MCPClient.inProcess(world.server(), caller(Principal.READER))) {
                assertThat(reader.call("look", Map.of()).toString()).contains(AttackedServer.LOOT);
                assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                        MCPProtocolException.class, () -> reader.call("destroy", Map.of()))
                                .code())
                        .isEqualTo(world == hiding ? -32602 : -31002);
                assertThat(reader.listTools().stream()
                                .map(ToolDescription::name)
                                .anyMatch("destroy"::equals))
                        .isEqualTo(world == steppingUp);
            }
        }
    }

    @Test
    void audit_namesThePrincipalOfEveryAttempt() throws Exception {
        // Events come a moment after the answer, also those of the requests before.
        int before = attempts().size();
        send(hiding, Principal.NOBODY, Wire.modernCall("destroy", "{\"a\": \"SECRET-ARGUMENT\"}"));
        org.awaitility.Awaitility.await().until(() -> attempts().size() > before);
        assertThat(attempts().toString()).contains("target=destroy").doesNotContain("SECRET-ARGUMENT");
    }

    private static List<AuditEvent> attempts() {
        return hiding.server().audit.stream()
                .filter(event -> "nobody".equals(event.caller().subject()))
                .filter(event -> event.method().equals("tools/call") && "destroy".equals(event.target()))
                .filter(event -> event.argumentDigest() != null)
                .toList();
    }
}
