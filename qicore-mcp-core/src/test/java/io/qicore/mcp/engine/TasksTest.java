package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.engine.task.TaskRun;
import io.qicore.mcp.internal.engine.task.Tasks;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.task.InMemoryTaskStore;
import io.qicore.mcp.task.Task;
import io.qicore.mcp.task.TaskStore;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.TaskWork;
import io.qicore.mcp.tool.ToolResult;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tool calls that go on as tasks. */
class TasksTest {

    private static final String TASKS =
            "{\"elicitation\": {}, \"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}";

    record Confirm(boolean yes) {}

    private final Gate gate = new Gate();
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final AtomicInteger started = new AtomicInteger();
    private final MCPEngine engine = engine(store);
    private final MCPEngine replica = engine(store);

    @AfterEach
    void close() {
        gate.open();
        engine.close();
        await().untilAsserted(() -> assertThat(Leaks.of(engine)).isEmpty());
        assertThat(Leaks.size(store, "watchers")).isZero();
    }

    @Test
    void workWithATimeoutOfItsOwn_mayOutliveTheCallTimeout_forAClientWithoutTasks() {
        MCPTool longer = MCPTool.builder("longer", Json.object().put("type", "object"))
                .description("Takes longer than a call.")
                .resultHandler((nothing, context) -> ToolResult.task(
                        work -> {
                            Thread.sleep(700);
                            return ToolResult.text(work.isCancelled() ? "cancelled" : "done");
                        },
                        Duration.ofSeconds(10)))
                .build();
        MCPEngine brief = Wire.engine(gate)
                .callTimeout(Duration.ofMillis(200))
                .tools(List.of(longer))
                .build();
        try {
            assertThat(call(brief, "longer", "{}", CallMetadata.none())
                            .result()
                            .at("/content/0/text")
                            .asText())
                    .isEqualTo("done");
        } finally {
            brief.close();
        }
    }

    @Test
    void task_worksAndCompletes() {
        JsonNode created = start("wait");
        String id = created.get("taskId").asText();
        assertThat(created.get("resultType").asText()).isEqualTo("task");
        assertThat(created.get("status").asText()).isEqualTo("working");
        assertThat(created.get("ttlMs").isIntegralNumber()).isTrue();
        assertThat(created.at("/_meta/io.modelcontextprotocol~1serverInfo/name").asText())
                .isEqualTo("test");
        assertThat(id).hasSizeGreaterThanOrEqualTo(22);
        gate.awaitEntered(1);
        JsonNode working = get(replica, id).result();
        assertThat(working.get("resultType").asText()).isEqualTo("complete");
        assertThat(working.get("statusMessage").asText()).isEqualTo("at the gate");
        gate.open();
        JsonNode done = awaitStatus(id, "completed");
        assertThat(done.at("/result/content/0/text").asText()).isEqualTo("through");
        assertThat(done.at("/result/resultType").asText()).isEqualTo("complete");
        assertThat(done.has("error")).isFalse();
    }

    @Test
    void failureOfTheTool_isACompletedTask() {
        JsonNode done = awaitStatus(start("fail").get("taskId").asText(), "completed");
        assertThat(done.at("/result/isError").booleanValue()).isTrue();
        assertThat(done.at("/result/structuredContent/code").asText()).isEqualTo("NO_LUCK");
    }

    @Test
    void unexpectedFailure_isAFailedTaskWithoutItsCause() {
        JsonNode failed = awaitStatus(start("crash").get("taskId").asText(), "failed");
        assertThat(failed.at("/error/code").asInt()).isEqualTo(RpcError.INTERNAL_ERROR);
        assertThat(failed.has("result")).isFalse();
        assertThat(failed.toString()).doesNotContain("secret", "Exception");
    }

    @Test
    void question_isAnsweredInPartsThroughAnotherReplica() {
        String id = start("ask").get("taskId").asText();
        JsonNode asked = awaitStatus(id, "input_required").get("inputRequests");
        assertThat(asked.properties()).hasSize(2);
        List<String> keys = new ArrayList<>();
        asked.fieldNames().forEachRemaining(keys::add);
        assertThat(asked.get(keys.get(0)).get("method").asText()).isEqualTo("elicitation/create");
        assertThat(asked.get(keys.get(0)).has("jsonrpc")).isFalse();
        assertThat(update(replica, id, "{\"unknown\": {\"action\": \"accept\"}}")
                        .result()
                        .get("resultType")
                        .asText())
                .isEqualTo("complete");
        update(replica, id, answer(keys.get(0), true));
        JsonNode partly = get(engine, id).result();
        assertThat(partly.get("status").asText()).isEqualTo("input_required");
        assertThat(partly.get("inputRequests").properties()).hasSize(1);
        // A key that has been answered is ignored.
        update(replica, id, answer(keys.get(0), false));
        update(replica, id, answer(keys.get(1), true));
        JsonNode again = awaitStatus(id, "input_required").get("inputRequests");
        assertThat(again.has(keys.get(0))).as("keys are never used again").isFalse();
        again.fieldNames().forEachRemaining(key -> update(replica, id, answer(key, true)));
        assertThat(awaitStatus(id, "completed").at("/result/content/0/text").asText())
                .isEqualTo("true true remembered");
    }

    @Test
    void question_thatTheClientCannotAnswerFailsTheTask() {
        String noElicitation = "{\"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}";
        String id = call(engine, "ask", noElicitation, CallMetadata.none())
                .result()
                .get("taskId")
                .asText();
        JsonNode failed = awaitStatus(id, "failed");
        assertThat(failed.at("/error/code").asInt()).isEqualTo(RpcError.MISSING_CLIENT_CAPABILITY);
        assertThat(failed.at("/error/data/requiredCapabilities/elicitation").isObject())
                .isTrue();
    }

    @Test
    void cancellation_throughAnotherReplicaInterruptsTheWork() throws Exception {
        String id = start("wait").get("taskId").asText();
        gate.awaitEntered(1);
        assertThat(tasks(replica, "tasks/cancel", id, "", CallMetadata.none())
                        .result()
                        .get("resultType")
                        .asText())
                .isEqualTo("complete");
        assertThat(gate.awaitInterrupt()).isTrue();
        gate.open();
        await().untilAsserted(() -> assertThat(Leaks.of(engine)).isEmpty());
        assertThat(get(engine, id).result().get("status").asText()).isEqualTo("cancelled");
        assertThat(tasks(engine, "tasks/cancel", id, "", CallMetadata.none()).result())
                .isNotNull();
    }

    @Test
    void cancellation_whileItWaitsForAnswersEndsTheWork() {
        String id = start("ask").get("taskId").asText();
        awaitStatus(id, "input_required");
        tasks(replica, "tasks/cancel", id, "", CallMetadata.none());
        await().untilAsserted(() -> assertThat(Leaks.of(engine)).isEmpty());
        update(engine, id, "{}");
        assertThat(get(engine, id).result().get("status").asText()).isEqualTo("cancelled");
    }

    @Test
    void othersTask_isUnknown() {
        String id = call(engine, "wait", TASKS, Wire.as("ann"))
                .result()
                .get("taskId")
                .asText();
        for (String method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
            for (CallMetadata caller : List.of(Wire.as("bob"), CallMetadata.none())) {
                Answer answer = tasks(replica, method, id, "\"inputResponses\": {}", caller);
                assertThat(answer.errorCode()).as(method).isEqualTo(RpcError.INVALID_PARAMS);
                assertThat(answer.errorMessage())
                        .isEqualTo(tasks(replica, method, "none", "\"inputResponses\": {}", caller)
                                .errorMessage()
                                .replace("none", id));
            }
        }
        assertThat(tasks(replica, "tasks/get", id, "", Wire.as("ann"))
                        .result()
                        .get("status")
                        .asText())
                .isEqualTo("working");
        Answer listener = listen(replica, id, Wire.as("bob"));
        assertThat(listener.notifications().get(0).at("/params/notifications")).isEmpty();
        replica.endSubscriptions();
    }

    @Test
    void listener_isToldOfEachStatus() {
        String id = start("ask").get("taskId").asText();
        awaitStatus(id, "input_required");
        Answer listener = listen(replica, id, CallMetadata.none());
        assertThat(listener.notifications()
                        .get(0)
                        .at("/params/notifications/taskIds/0")
                        .asText())
                .isEqualTo(id);
        tasks(engine, "tasks/cancel", id, "", CallMetadata.none());
        JsonNode told = listener.await("notifications/tasks", 1).get(0);
        assertThat(told.at("/params/status").asText()).isEqualTo("cancelled");
        assertThat(told.at("/params/taskId").asText()).isEqualTo(id);
        assertThat(told.at("/params/_meta/io.modelcontextprotocol~1subscriptionId")
                        .asInt())
                .isEqualTo(9);
        replica.endSubscriptions();
    }

    @Test
    void clientWithoutTheExtension_getsTheResultAndNoTasks() {
        gate.open();
        Answer plain = call(engine, "wait", "{}", CallMetadata.none());
        assertThat(plain.result().get("resultType").asText()).isEqualTo("complete");
        assertThat(plain.result().at("/content/0/text").asText()).isEqualTo("through");
        for (Answer refused : List.of(
                call(engine, "only", "{\"tasks\": {}, \"elicitation\": {}}", CallMetadata.none()),
                Answer.to(engine, Wire.modern("1", "tasks/get", "\"taskId\": \"x\"", "{}")),
                Answer.to(
                        engine,
                        Wire.modern("1", "subscriptions/listen", "\"notifications\": {\"taskIds\": [\"x\"]}", "{}")))) {
            refused.isBadRequest(RpcError.MISSING_CLIENT_CAPABILITY);
            assertThat(refused.json().at("/error/data/requiredCapabilities/extensions/io.modelcontextprotocol~1tasks"))
                    .isEqualTo(Json.object());
        }
        assertThat(Answer.to(engine, Wire.legacyCall("wait", "{}"))
                        .result()
                        .at("/content/0/text")
                        .asText())
                .isEqualTo("through");
        assertThat(Answer.to(engine, Wire.legacy("tasks/get", "{\"taskId\": \"x\"}"))
                        .errorCode())
                .isEqualTo(RpcError.METHOD_NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks/list", "tasks/result"})
    void methodsOfOlderTasks_doNotExist(String method) {
        Answer answer = Answer.to(engine, Wire.modern("1", method, "\"taskId\": \"x\"", TASKS));
        assertThat(answer.errorCode()).isEqualTo(RpcError.METHOD_NOT_FOUND);
    }

    @Test
    void expiredTask_isUnknownAndItsWorkIsInterrupted() throws Exception {
        // A clock that is behind by a lifetime makes tasks that are almost over.
        Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofMillis(300).minusHours(1));
        InMemoryTaskStore own = new InMemoryTaskStore(10, Clock.system(ZoneOffset.UTC));
        Tasks tasks = new Tasks(own, behind);
        Task task = tasks.create(null);
        TaskRun run =
                new TaskRun(tasks, tool("w", context -> waits(context)), this::waits, task, Caller.ANONYMOUS, Set.of());
        CompletableFuture<Void> end = new CompletableFuture<>();
        run.start(() -> end.complete(null));
        gate.awaitEntered(1);
        assertThat(gate.awaitInterrupt()).isTrue();
        await().until(end::isDone);
        assertThat(own.get(task.taskId())).isEmpty();
    }

    @Test
    void close_failsWhatIsStillAtWork() {
        String waiting = start("wait").get("taskId").asText();
        String asking = start("ask").get("taskId").asText();
        awaitStatus(asking, "input_required");
        gate.awaitEntered(1);
        engine.close();
        assertThat(Leaks.of(engine)).isEmpty();
        for (String id : List.of(waiting, asking)) {
            JsonNode failed = get(replica, id).result();
            assertThat(failed.get("status").asText()).isEqualTo("failed");
            assertThat(failed.at("/error/message").asText()).contains("stopped");
        }
    }

    @Test
    void tooManyTasks_areRefused() {
        MCPEngine small = builder(store).maxConcurrentCalls(2).build();
        call(small, "wait", TASKS, CallMetadata.none()).result();
        call(small, "wait", TASKS, CallMetadata.none()).result();
        assertThat(call(small, "wait", TASKS, CallMetadata.none()).kind()).isEqualTo(Reply.Kind.BUSY);
        small.close();
        assertThat(Leaks.of(small)).isEmpty();
    }

    @Test
    void callThatWasCancelled_startsNoTask() throws Exception {
        CallControl control = new CallControl();
        Answer answer = Answer.later(
                engine, Wire.modern("1", "tools/call", "\"name\": \"slow_start\"", TASKS), Wire.with(control));
        gate.awaitEntered(1);
        control.disconnected();
        gate.open();
        await().untilAsserted(() -> assertThat(Leaks.of(engine)).isEmpty());
        assertThat(answer.isCancelled()).isTrue();
        assertThat(started).hasValue(0);
    }

    @Test
    void storeThatFails_leavesNoThreadAndTellsNothing() {
        AtomicBoolean broken = new AtomicBoolean();
        TaskStore failing = new TaskStore() {
            @Override
            public void create(Task task) {
                check();
                store.create(task);
            }

            @Override
            public Optional<Task> get(String taskId) {
                check();
                return store.get(taskId);
            }

            @Override
            public boolean update(Task next) {
                check();
                return store.update(next);
            }

            @Override
            public AutoCloseable watch(String taskId, Runnable changed) {
                check();
                return store.watch(taskId, changed);
            }

            private void check() {
                if (broken.get()) {
                    throw new IllegalStateException("secret database");
                }
            }
        };
        MCPEngine fragile = builder(failing).build();
        String id = call(fragile, "wait", TASKS, CallMetadata.none())
                .result()
                .get("taskId")
                .asText();
        gate.awaitEntered(1);
        broken.set(true);
        for (Answer answer : List.of(
                get(fragile, id),
                update(fragile, id, "{}"),
                tasks(fragile, "tasks/cancel", id, "", CallMetadata.none()),
                listen(fragile, id, CallMetadata.none()))) {
            assertThat(answer.errorCode()).isEqualTo(RpcError.INTERNAL_ERROR);
            assertThat(answer.json().toString()).doesNotContain("secret", "Exception");
        }
        JsonNode refused = call(fragile, "wait", TASKS, CallMetadata.none()).result();
        assertThat(refused.get("isError").booleanValue()).isTrue();
        assertThat(refused.toString()).doesNotContain("secret");
        gate.open();
        await().untilAsserted(() -> assertThat(Leaks.of(fragile)).isEmpty());
        broken.set(false);
        assertThat(get(fragile, id).result().get("status").asText()).isEqualTo("working");
        fragile.close();
    }

    @Test
    void storeThatNeverTakesAChange_doesNotHang() {
        TaskStore stubborn = new TaskStore() {
            @Override
            public void create(Task task) {
                store.create(task);
            }

            @Override
            public Optional<Task> get(String taskId) {
                return store.get(taskId);
            }

            @Override
            public boolean update(Task next) {
                return false;
            }

            @Override
            public AutoCloseable watch(String taskId, Runnable changed) {
                return store.watch(taskId, changed);
            }
        };
        MCPEngine stuck = builder(stubborn).build();
        String id = call(stuck, "fail", TASKS, CallMetadata.none())
                .result()
                .get("taskId")
                .asText();
        await().untilAsserted(() -> assertThat(Leaks.of(stuck)).isEmpty());
        assertThat(tasks(stuck, "tasks/cancel", id, "", CallMetadata.none()).errorCode())
                .isEqualTo(RpcError.INTERNAL_ERROR);
    }

    private ToolResult waits(RequestContext context) throws InterruptedException {
        started.incrementAndGet();
        context.progress(1, null, "at the gate");
        gate.pass();
        return ToolResult.text("through");
    }

    private static ToolResult asks(RequestContext context) {
        if (context.inputs().raw("a").isEmpty() && context.inputs().raw("last").isEmpty()) {
            return ToolResult.inputRequired(InputRequests.builder()
                    .elicit("a", Elicitation.form("a?", Confirm.class))
                    .elicit("b", Elicitation.form("b?", Confirm.class))
                    .build());
        }
        if (context.inputs().raw("a").isPresent()) {
            boolean a = context.inputs()
                    .elicitation("a")
                    .orElseThrow()
                    .as(Confirm.class)
                    .yes();
            boolean b = context.inputs()
                    .elicitation("b")
                    .orElseThrow()
                    .as(Confirm.class)
                    .yes();
            return ToolResult.inputRequired(InputRequests.builder()
                    .elicit("last", Elicitation.form("really?", Confirm.class))
                    .state(a + " " + b + " remembered")
                    .build());
        }
        return ToolResult.text(context.inputs().state(String.class).orElseThrow());
    }

    private MCPEngine engine(TaskStore tasks) {
        return builder(tasks).build();
    }

    private MCPEngine.Builder builder(TaskStore tasks) {
        return Wire.engine(gate)
                .taskStore(tasks)
                .tools(List.of(
                        tool("wait", this::waits),
                        tool("ask", TasksTest::asks),
                        tool("fail", context -> {
                            throw new MCPToolError("NO_LUCK", "no luck");
                        }),
                        tool("crash", context -> {
                            throw new IllegalStateException("secret");
                        }),
                        MCPTool.builder("only", Json.object().put("type", "object"))
                                .description("Only as a task.")
                                .requiresTask()
                                .resultHandler((nothing, context) -> ToolResult.task(this::waits))
                                .build(),
                        MCPTool.builder("slow_start", Json.object().put("type", "object"))
                                .description("Waits before it becomes a task.")
                                .resultHandler((nothing, context) -> {
                                    gate.passStubbornly();
                                    return ToolResult.task(this::waits);
                                })
                                .build()));
    }

    private static MCPTool tool(String name, TaskWork work) {
        return MCPTool.builder(name, Json.object().put("type", "object"))
                .description("Goes on.")
                .resultHandler((nothing, context) -> ToolResult.task(work))
                .build();
    }

    private JsonNode start(String tool) {
        return call(engine, tool, TASKS, CallMetadata.none()).result();
    }

    private static Answer call(MCPEngine engine, String tool, String capabilities, CallMetadata metadata) {
        return Answer.to(engine, Wire.modern("1", "tools/call", "\"name\": \"" + tool + "\"", capabilities), metadata);
    }

    private static Answer get(MCPEngine engine, String taskId) {
        return tasks(engine, "tasks/get", taskId, "", CallMetadata.none());
    }

    private static Answer update(MCPEngine engine, String taskId, String responses) {
        return tasks(engine, "tasks/update", taskId, "\"inputResponses\": " + responses, CallMetadata.none());
    }

    private static Answer tasks(MCPEngine engine, String method, String taskId, String more, CallMetadata metadata) {
        String params = "\"taskId\": \"" + taskId + "\"" + (more.isEmpty() ? "" : ", " + more);
        return Answer.to(engine, Wire.modern("1", method, params, TASKS), metadata);
    }

    private static Answer listen(MCPEngine engine, String taskId, CallMetadata metadata) {
        Answer answer = new Answer();
        engine.handle(
                Wire.modern(
                                "9",
                                "subscriptions/listen",
                                "\"notifications\": {\"taskIds\": [\"" + taskId + "\"]}",
                                TASKS)
                        .getBytes(StandardCharsets.UTF_8),
                metadata,
                answer);
        return answer;
    }

    private static String answer(String key, boolean yes) {
        return "{\"" + key + "\": {\"action\": \"accept\", \"content\": {\"yes\": " + yes + "}}}";
    }

    private JsonNode awaitStatus(String taskId, String status) {
        return await().atMost(Gate.PATIENCE).until(() -> get(replica, taskId).result(), task -> task.get("status")
                .asText()
                .equals(status));
    }
}
