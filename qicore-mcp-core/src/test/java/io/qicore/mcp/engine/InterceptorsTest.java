package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.engine.access.CallInterceptor;
import io.qicore.mcp.engine.access.CallOutcome;
import io.qicore.mcp.engine.access.InterceptedCall;
import io.qicore.mcp.engine.access.Offer;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.task.InMemoryTaskStore;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.ToolResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers, what they see, what they may do, and what is theirs. */
class InterceptorsTest {

    private static final String TASKS = "{\"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}";
    private static final String FORMS = "{\"elicitation\": {\"form\": {}}}";

    record Nothing() {}

    record Text(String text) {}

    record Confirm(boolean sure) {}

    private final AtomicReference<Runnable> change = new AtomicReference<>(() -> {});
    private final List<String> audit = new CopyOnWriteArrayList<>();

    /** Hides what has "secret" in its name from callers without the scope "all". */
    private static final CallInterceptor SECRETS = new CallInterceptor() {
        @Override
        public boolean offers(Caller caller, Offer offer) {
            return caller.scopes().contains("all") || !name(offer).contains("secret");
        }
    };

    private static String name(Offer offer) {
        if (offer instanceof Offer.Tool called) {
            return called.tool().name();
        }
        return offer instanceof Offer.Resource read
                ? read.resource().uri()
                : ((Offer.Prompt) offer).prompt().name();
    }

    private final CallInterceptor auditor = new CallInterceptor() {
        @Override
        public void after(InterceptedCall call, CallOutcome outcome, Duration took) {
            audit.add(call.caller().subject() + " " + call.method() + " "
                    + (call.offer() == null ? "-" : name(call.offer())) + " " + outcome);
            throw new IllegalStateException("An auditor that fails harms nobody.");
        }
    };

    private MCPEngine engine = engine(SECRETS);

    @AfterEach
    void close() {
        engine.close();
    }

    private MCPEngine engine(CallInterceptor... interceptors) {
        return MCPEngine.builder(new ServerInfo("callers", "1.0"))
                .interceptors(List.of(interceptors))
                .taskStore(new InMemoryTaskStore())
                .pageSize(2)
                .tools(List.of(
                        tool("open_one"),
                        tool("secret_one"),
                        tool("open_two"),
                        tool("secret_two"),
                        tool("open_three"),
                        MCPTool.builder("fail", Nothing.class, Text.class)
                                .description("Fails.")
                                .handler((nothing, context) -> {
                                    throw new MCPToolError("BAD", "no");
                                })
                                .build(),
                        MCPTool.builder("ask", Nothing.class, Text.class)
                                .description("Asks.")
                                .resultHandler((nothing, context) ->
                                        context.inputs().elicitation("sure").isPresent()
                                                ? ToolResult.of(new Text("answered"))
                                                : ToolResult.inputRequired(InputRequests.builder()
                                                        .elicit("sure", Elicitation.form("Sure?", Confirm.class))
                                                        .state(new Text("state"))
                                                        .build()))
                                .build(),
                        MCPTool.builder("work", Nothing.class, Text.class)
                                .description("Works.")
                                .resultHandler((nothing, context) -> ToolResult.task(task -> ToolResult.of(
                                        new Text(String.valueOf(task.caller().scopes())))))
                                .build()))
                .resources(List.of(
                        resource("shop://open"),
                        resource("shop://secret"),
                        MCPResource.template("shop://{name}", "any")
                                .reader((uri, variables, context) -> ResourceResult.text("by the template"))
                                .completer("name", (typed, others, context) -> List.of("open"))
                                .build(),
                        MCPResource.template("secret://{name}", "any secret")
                                .reader((uri, variables, context) -> ResourceResult.text("secret"))
                                .completer("name", (typed, others, context) -> List.of("hidden"))
                                .build()))
                .prompts(List.of(prompt("open_prompt"), prompt("secret_prompt")))
                .build();
    }

    private static MCPTool tool(String name) {
        return MCPTool.builder(name, Nothing.class, Text.class)
                .description("Names the caller.")
                .handler((nothing, context) -> new Text(context.caller().toString()))
                .build();
    }

    private MCPResource resource(String uri) {
        return MCPResource.of(uri, uri)
                .reader((read, variables, context) -> ResourceResult.text(uri))
                .watcher((watched, by, changed) -> {
                    change.set(changed);
                    return () -> {};
                })
                .build();
    }

    private static MCPPrompt prompt(String name) {
        return MCPPrompt.builder(name)
                .description("A prompt.")
                .argument("a", "An argument", false)
                .completer("a", (typed, others, context) -> List.of(name))
                .handler((arguments, context) -> PromptResult.user(name))
                .build();
    }

    private static CallMetadata as(String name, String... scopes) {
        return CallMetadata.none().withCaller(Caller.of(name).withScopes(Set.of(scopes)));
    }

    private List<String> list(String method, String member, String name, CallMetadata caller) {
        List<String> names = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    Answer.to(engine, Wire.modern(method, cursor, "{}"), caller).result();
            assertThat(page.path("cacheScope").asText()).isEqualTo("private");
            page.path(member).forEach(item -> names.add(item.path(name).asText()));
            cursor = page.has("nextCursor") ? "\"cursor\": " + page.get("nextCursor") : "";
        } while (!cursor.isEmpty());
        return names;
    }

    @Test
    void lists_showWhatTheCallerMayUse() {
        assertThat(list("tools/list", "tools", "name", as("alice", "all")))
                .hasSize(8)
                .contains("secret_one");
        assertThat(list("tools/list", "tools", "name", as("alice")))
                .containsExactly("open_one", "open_two", "open_three", "fail", "ask", "work");
        assertThat(list("resources/list", "resources", "uri", as("alice"))).containsExactly("shop://open");
        assertThat(list("resources/templates/list", "resourceTemplates", "uriTemplate", as("alice")))
                .containsExactly("shop://{name}");
        assertThat(list("prompts/list", "prompts", "name", as("alice"))).containsExactly("open_prompt");
        assertThat(list("prompts/list", "prompts", "name", as("alice", "all"))).hasSize(2);
    }

    @Test
    void cursorOfAHiddenItem_isUnknown() {
        String cursor = "\"cursor\": \""
                + java.util.Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("secret_one".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                + "\"";
        assertThat(Answer.to(engine, Wire.modern("tools/list", cursor, "{}"), as("alice", "all"))
                        .result()
                        .path("tools"))
                .isNotEmpty();
        assertThat(Answer.to(engine, Wire.modern("tools/list", cursor, "{}"), as("alice"))
                        .errorCode())
                .isEqualTo(-32602);
    }

    @Test
    void whatIsHidden_isAnsweredAsIfItWereNotThere() {
        List<List<String>> uses = List.of(
                List.of("tools/call", "\"name\": \"secret_one\""),
                List.of("prompts/get", "\"name\": \"secret_prompt\""),
                List.of("resources/read", "\"uri\": \"shop://secret\""),
                List.of("resources/read", "\"uri\": \"secret://x\""),
                List.of(
                        "completion/complete",
                        "\"ref\": {\"type\": \"ref/prompt\", \"name\": \"secret_prompt\"}, \"argument\": {\"name\": \"a\", \"value\": \"\"}"),
                List.of(
                        "completion/complete",
                        "\"ref\": {\"type\": \"ref/resource\", \"uri\": \"secret://{name}\"}, \"argument\": {\"name\": \"name\", \"value\": \"\"}"));
        MCPEngine without = engine(new CallInterceptor() {
            @Override
            public boolean offers(Caller caller, Offer offer) {
                return !name(offer).contains("secret");
            }
        });
        for (List<String> use : uses) {
            String message = Wire.modern(use.get(0), use.get(1), "{}");
            assertThat(Answer.to(engine, message, as("alice", "all")).json().has("result"))
                    .as(message)
                    .isTrue();
            Answer hidden = Answer.to(engine, message, as("alice"));
            assertThat(hidden.errorCode()).as(message).isEqualTo(-32602);
            assertThat(hidden.kind()).isEqualTo(Reply.Kind.ERROR);
            assertThat(hidden.errorMessage())
                    .contains(use.get(0).equals("resources/read") ? "No such resource" : "Unknown");
            assertThat(Answer.to(without, message, as("alice", "all")).errorMessage())
                    .isEqualTo(hidden.errorMessage());
        }
        // Nor is it suggested.
        assertThat(Answer.to(engine, Wire.modernCall("secret_on", "{}"), as("alice"))
                        .errorMessage())
                .doesNotContain("secret_one");
        assertThat(Answer.to(engine, Wire.modernCall("secret_on", "{}"), as("alice", "all"))
                        .errorMessage())
                .contains("secret_one");
        assertThat(Answer.to(engine, Wire.modern("prompts/get", "\"name\": \"secret_promp\"", "{}"), as("alice"))
                        .errorMessage())
                .doesNotContain("secret_prompt'");
        without.close();
    }

    @Test
    void olderClients_areFilteredToo() {
        CallMetadata alice = as("alice").withHeaders(name -> name.equals("MCP-Protocol-Version") ? "2025-06-18" : null);
        assertThat(Answer.to(engine, Wire.legacyCall("secret_one", "{}"), alice).errorCode())
                .isEqualTo(-32602);
        assertThat(Answer.to(engine, Wire.legacy("resources/read", "{\"uri\": \"shop://secret\"}"), alice)
                        .errorCode())
                .isEqualTo(-32002);
        assertThat(Answer.to(engine, Wire.legacy("resources/subscribe", "{\"uri\": \"shop://secret\"}"), alice)
                        .errorCode())
                .isEqualTo(-32002);
        CallMetadata batches =
                as("alice").withHeaders(name -> name.equals("MCP-Protocol-Version") ? "2025-03-26" : null);
        JsonNode batch = Answer.to(
                        engine,
                        "[" + Wire.legacyCall("1", "open_one", "{}") + "," + Wire.legacyCall("2", "secret_one", "{}")
                                + "]",
                        batches)
                .json();
        assertThat(batch.get(0).has("result")).isTrue();
        assertThat(batch.get(1).at("/error/code").asInt()).isEqualTo(-32602);
    }

    @Test
    void subscription_watchesOnlyWhatTheCallerSees() throws Exception {
        Set<String> scopes = java.util.concurrent.ConcurrentHashMap.newKeySet();
        scopes.add("all");
        engine.close();
        engine = engine(new CallInterceptor() {
            @Override
            public boolean offers(Caller caller, Offer offer) {
                return scopes.contains("all") || !name(offer).contains("secret");
            }
        });
        String listen = Wire.modern(
                "subscriptions/listen", "\"notifications\": {\"resourceSubscriptions\": [\"shop://secret\"]}", "{}");
        Answer allowed = Answer.later(engine, listen, as("alice"));
        allowed.await("notifications/subscriptions/acknowledged", 1);
        change.get().run();
        allowed.await("notifications/resources/updated", 1);
        // The right is taken away while the subscription is open.
        scopes.clear();
        change.get().run();
        Answer later = Answer.later(engine, listen, as("alice"));
        assertThat(later.await("notifications/subscriptions/acknowledged", 1)
                        .get(0)
                        .at("/params/notifications"))
                .isEmpty();
        Thread.sleep(100);
        assertThat(allowed.await("notifications/resources/updated", 1)).hasSize(1);
    }

    @Test
    void denial_hasAKindAndAChallenge() {
        engine.close();
        AtomicReference<Denial> denial = new AtomicReference<>(Denial.forbidden("You may not."));
        engine = engine(auditor, SECRETS, new CallInterceptor() {
            @Override
            public Optional<Denial> before(InterceptedCall call) {
                return call.offer() instanceof Offer.Tool ? Optional.of(denial.get()) : Optional.empty();
            }
        });
        Answer forbidden = Answer.to(engine, Wire.modernCall("open_one", "{}"), as("alice"));
        assertThat(forbidden.kind()).isEqualTo(Reply.Kind.FORBIDDEN);
        assertThat(forbidden.errorCode()).isEqualTo(-31002);
        assertThat(forbidden.errorMessage()).isEqualTo("You may not.");
        assertThat(forbidden.id().asInt()).isEqualTo(1);
        assertThat(forbidden.get().headers()).isEmpty();

        denial.set(Denial.forbidden("Step up.", "Bearer error=\"insufficient_scope\""));
        assertThat(Answer.to(engine, Wire.modernCall("open_one", "{}"), as("alice"))
                        .get()
                        .headers())
                .containsEntry("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
        denial.set(Denial.unauthenticated("Who?", "Bearer"));
        assertThat(Answer.to(engine, Wire.modernCall("open_one", "{}"), as("alice"))
                        .kind())
                .isEqualTo(Reply.Kind.UNAUTHENTICATED);
        denial.set(Denial.busy("Later.", Duration.ofMillis(100)));
        Answer busy = Answer.to(engine, Wire.modernCall("open_one", "{}"), as("alice"));
        assertThat(busy.kind()).isEqualTo(Reply.Kind.BUSY);
        assertThat(busy.get().headers()).containsEntry("Retry-After", "1");
        denial.set(Denial.tooManyRequests("Too many.", Duration.ofMillis(1100)));
        Answer tooMany = Answer.to(engine, Wire.modernCall("open_one", "{}"), as("alice"));
        assertThat(tooMany.kind()).isEqualTo(Reply.Kind.TOO_MANY_REQUESTS);
        assertThat(tooMany.errorCode()).isEqualTo(-31000);
        // Rounded down, the client would be denied again.
        assertThat(tooMany.get().headers()).containsEntry("Retry-After", "2");
        // What is hidden is not denied, for that would tell that it is there.
        assertThat(Answer.to(engine, Wire.modernCall("secret_one", "{}"), as("alice"))
                        .errorCode())
                .isEqualTo(-32602);
        // Other methods go on.
        assertThat(Answer.to(engine, Wire.modern("tools/list"), as("alice"))
                        .json()
                        .has("result"))
                .isTrue();
        assertThat(audit)
                .containsExactly(
                        "alice tools/call open_one DENIED",
                        "alice tools/call open_one DENIED",
                        "alice tools/call open_one DENIED",
                        "alice tools/call open_one DENIED",
                        "alice tools/call open_one DENIED",
                        "alice tools/call - FAILED",
                        "alice tools/list - SUCCEEDED");
    }

    @Test
    void everyEnd_isTold() {
        engine.close();
        engine = engine(auditor, SECRETS);
        for (String tool : List.of("open_one", "fail", "secret_one", "ask")) {
            Answer.to(engine, Wire.modern("tools/call", "\"name\": \"" + tool + "\"", FORMS), as("bob"));
        }
        Answer.to(engine, Wire.modern("resources/read", "\"uri\": \"shop://x\"", "{}"), as("bob"));
        Answer.to(engine, Wire.modern("prompts/get", "\"name\": \"open_prompt\"", "{}"), as("bob"));
        // A notification is not a request.
        Answer.to(engine, Wire.cancelled("5"), as("bob"));
        assertThat(audit)
                .containsExactly(
                        "bob tools/call open_one SUCCEEDED",
                        "bob tools/call fail TOOL_FAILED",
                        "bob tools/call - FAILED",
                        "bob tools/call ask SUCCEEDED",
                        "bob resources/read shop://{name} SUCCEEDED",
                        "bob prompts/get open_prompt SUCCEEDED");
    }

    @Test
    void interceptorThatFails_refuses() {
        engine.close();
        engine = engine(new CallInterceptor() {
            @Override
            public boolean offers(Caller caller, Offer offer) {
                throw new IllegalStateException("secret of the policy");
            }
        });
        for (String message : List.of(
                Wire.modern("tools/list"),
                Wire.modernCall("open_one", "{}"),
                Wire.modern("resources/read", "\"uri\": \"shop://open\"", "{}"))) {
            Answer answer = Answer.to(engine, message, as("alice"));
            assertThat(answer.errorCode()).isEqualTo(-32603);
            assertThat(answer.json().toString()).doesNotContain("secret of the policy");
        }
        engine.close();
        engine = engine(new CallInterceptor() {
            @Override
            public Optional<Denial> before(InterceptedCall call) {
                throw new IllegalStateException("secret of the policy");
            }
        });
        Answer answer = Answer.to(engine, Wire.modernCall("open_one", "{}"), as("alice"));
        assertThat(answer.errorCode()).isEqualTo(-32603);
        assertThat(answer.json().toString()).doesNotContain("secret of the policy");
    }

    @Test
    void expiredCaller_isUnauthenticated() {
        CallMetadata late = CallMetadata.none().withCaller(Caller.of("alice").withExpiry(Instant.now()));
        Answer answer = Answer.to(engine, Wire.modernCall("open_one", "{}"), late);
        assertThat(answer.kind()).isEqualTo(Reply.Kind.UNAUTHENTICATED);
        assertThat(answer.get().headers()).containsKey("WWW-Authenticate");
        CallMetadata early = CallMetadata.none()
                .withCaller(Caller.of("alice").withExpiry(Instant.now().plusSeconds(60)));
        assertThat(Answer.to(engine, Wire.modernCall("open_one", "{}"), early)
                        .result()
                        .at("/structuredContent/text")
                        .asText())
                .isEqualTo("Caller[alice]");
    }

    @Test
    void stateAndTasks_belongToTheirCaller() {
        Caller alice = Caller.of("alice");
        List<Caller> others = List.of(
                Caller.ANONYMOUS,
                Caller.of("bob"),
                Caller.of("Alice"),
                alice.withIssuer("https://issuer"),
                Caller.of("https://issuer alice"));
        CallMetadata own = CallMetadata.none().withCaller(alice);
        String state = Answer.to(engine, Wire.modern("tools/call", "\"name\": \"ask\"", FORMS), own)
                .result()
                .get("requestState")
                .toString();
        String again = Wire.modern(
                "tools/call",
                "\"name\": \"ask\", \"requestState\": " + state
                        + ", \"inputResponses\": {\"sure\": {\"action\": \"accept\", \"content\": {\"sure\": true}}}",
                FORMS);
        String task = Answer.to(engine, Wire.modern("tools/call", "\"name\": \"work\"", TASKS), own)
                .result()
                .get("taskId")
                .toString();
        for (Caller other : others) {
            CallMetadata metadata = CallMetadata.none().withCaller(other);
            assertThat(Answer.to(engine, again, metadata).errorMessage()).contains("another request");
            for (String method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
                assertThat(Answer.to(engine, Wire.modern(method, "\"taskId\": " + task, TASKS), metadata)
                                .errorMessage())
                        .startsWith("Unknown task");
            }
            Answer listening = Answer.later(
                    engine,
                    Wire.modern("subscriptions/listen", "\"notifications\": {\"taskIds\": [" + task + "]}", TASKS),
                    metadata);
            assertThat(listening
                            .await("notifications/subscriptions/acknowledged", 1)
                            .get(0)
                            .at("/params/notifications"))
                    .isEmpty();
        }
        // Other scopes and attributes are the same caller.
        CallMetadata same = CallMetadata.none()
                .withCaller(alice.withScopes(Set.of("x"))
                        .withAttributes(Map.of("a", 1))
                        .withExpiry(Instant.MAX));
        assertThat(Answer.to(engine, again, same)
                        .result()
                        .at("/structuredContent/text")
                        .asText())
                .isEqualTo("answered");
        assertThat(Answer.to(engine, Wire.modern("tasks/get", "\"taskId\": " + task, TASKS), same)
                        .result()
                        .path("taskId"))
                .isNotNull();
    }

    @Test
    void taskOfAnAnonymousCaller_isNotEverybodys() {
        String task = Answer.to(engine, Wire.modern("tools/call", "\"name\": \"work\"", TASKS), CallMetadata.none())
                .result()
                .get("taskId")
                .toString();
        assertThat(Answer.to(engine, Wire.modern("tasks/get", "\"taskId\": " + task, TASKS), as("alice"))
                        .errorMessage())
                .startsWith("Unknown task");
    }

    @Test
    void sessionOfAnOlderClient_belongsToItsCaller() {
        CallMetadata alice = as("alice").withHeaders(name -> null);
        String session = Answer.to(
                        engine,
                        Wire.legacy(
                                "initialize",
                                "{\"protocolVersion\": \"2025-11-25\", \"capabilities\": {\"elicitation\": {}}}"),
                        alice)
                .get()
                .headers()
                .get("Mcp-Session-Id");
        for (CallMetadata other : List.of(as("bob"), CallMetadata.none())) {
            Answer refused = Answer.to(engine, Wire.legacyCall("open_one", "{}"), other.withHeaders(header(session)));
            assertThat(refused.kind()).isEqualTo(Reply.Kind.NOT_FOUND);
            assertThat(refused.errorCode()).isEqualTo(-32600);
        }
        assertThat(Answer.to(engine, Wire.legacyCall("open_one", "{}"), alice.withHeaders(header(session)))
                        .json()
                        .has("result"))
                .isTrue();
        String anonymous = Answer.to(
                        engine,
                        Wire.legacy(
                                "initialize",
                                "{\"protocolVersion\": \"2025-11-25\", \"capabilities\": {\"elicitation\": {}}}"),
                        CallMetadata.none().withHeaders(name -> null))
                .get()
                .headers()
                .get("Mcp-Session-Id");
        assertThat(Answer.to(engine, Wire.legacyCall("open_one", "{}"), alice.withHeaders(header(anonymous)))
                        .kind())
                .isEqualTo(Reply.Kind.NOT_FOUND);
        // A client that begins anew is not refused, and neither is an id that this server has not made.
        assertThat(Answer.to(
                                engine,
                                Wire.legacy("initialize", "{\"protocolVersion\": \"2025-11-25\"}"),
                                as("bob").withHeaders(header(session)))
                        .json()
                        .has("result"))
                .isTrue();
        assertThat(Answer.to(
                                engine,
                                Wire.legacyCall("open_one", "{}"),
                                as("bob").withHeaders(header("of-a-proxy")))
                        .json()
                        .has("result"))
                .isTrue();
    }

    private static java.util.function.UnaryOperator<String> header(String session) {
        return name -> switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "mcp-session-id" -> session;
            case "mcp-protocol-version" -> "2025-11-25";
            case "accept" -> "application/json, text/event-stream";
            default -> null;
        };
    }

    @Test
    void answerToAQuestion_isTakenFromTheCallerThatWasAsked() {
        CallMetadata alice = as("alice");
        String session = Answer.to(
                        engine,
                        Wire.legacy(
                                "initialize",
                                "{\"protocolVersion\": \"2025-11-25\", \"capabilities\": {\"elicitation\": {}}}"),
                        alice.withHeaders(name -> null))
                .get()
                .headers()
                .get("Mcp-Session-Id");
        Answer asking = Answer.later(engine, Wire.legacyCall("ask", "{}"), alice.withHeaders(header(session)));
        String id = asking.await("elicitation/create", 1).get(0).get("id").asText();
        String response = "{\"jsonrpc\": \"2.0\", \"id\": \"" + id
                + "\", \"result\": {\"action\": \"accept\", \"content\": {\"sure\": true}}}";
        java.util.function.UnaryOperator<String> headers =
                name -> name.equalsIgnoreCase("MCP-Protocol-Version") ? "2025-11-25" : null;
        for (CallMetadata other :
                List.of(as("bob"), CallMetadata.none(), as("alice").withConnection(MCPEngine.newConnection()))) {
            Answer.to(engine, response, other.withHeaders(headers));
        }
        assertThat(asking.isThere()).isFalse();
        Answer.to(engine, response, alice.withHeaders(headers));
        assertThat(asking.result().at("/structuredContent/text").asText()).isEqualTo("answered");
    }
}
