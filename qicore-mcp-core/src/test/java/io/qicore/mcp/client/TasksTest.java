package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.Gate;
import io.qicore.mcp.Threads;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.client.model.TaskState;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.transport.http.HttpTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Tool calls that go on as tasks, followed by their id. */
class TasksTest {

    private static final String WORKING =
            "{\"resultType\":\"task\",\"taskId\":\"t\",\"status\":\"working\",\"pollIntervalMs\":50}";

    private static MCPClientBuilder builder(java.net.URI uri) {
        return MCPClient.builder(HttpEndpoint.of(uri))
                .protocol(ProtocolMode.modern())
                .timeout(Gate.PATIENCE)
                .tasks(true);
    }

    @AfterEach
    void nothingIsLeft() {
        Threads.awaitNone("mcp-client");
    }

    /** With this project's server. */
    @Nested
    class OwnServer {

        private final HttpTransport http = HttpTransport.builder().port(0).build();
        private final FeatureServer server =
                new FeatureServer(ServerSettings.builder().transport(http).drainTimeout(Duration.ofMillis(200)));

        @BeforeEach
        void start() {
            server.start();
        }

        @AfterEach
        void stop() {
            server.close();
        }

        private ServerTask submitted(MCPClient client, String tool) {
            assertThat(client.tool(tool).submit()).isInstanceOf(Submission.Continues.class);
            return ((Submission.Continues) client.tool(tool).submit()).task();
        }

        @Test
        void task_isFollowedByAnotherClient() {
            String id;
            try (MCPClient client = builder(http.uri()).build()) {
                id = submitted(client, "long").id();
            }
            try (MCPClient other = builder(http.uri()).build()) {
                assertThat(other.task(id).await().get("text").asText()).isEqualTo("long");
                assertThat(other.task(id).state().status()).isEqualTo(TaskState.Status.COMPLETED);
                assertThat(other.task(id).follow().join().isError()).isFalse();
            }
        }

        @Test
        void callThatIsAnsweredAtOnce_isComplete() {
            try (MCPClient client = builder(http.uri()).build()) {
                assertThat(client.tool("progress").submit())
                        .isInstanceOfSatisfying(Submission.Completed.class, done -> assertThat(
                                        done.result().structured().get("text").asText())
                                .isEqualTo("done"));
            }
        }

        @Test
        void changes_areTold() {
            List<TaskState> states = new CopyOnWriteArrayList<>();
            try (MCPClient client = builder(http.uri()).build()) {
                ServerTask task = submitted(client, "long_wait");
                try (Subscription subscription = task.subscribe(states::add)) {
                    assertThat(subscription).isNotNull();
                    task.cancel();
                    await().atMost(Gate.PATIENCE).until(() -> states.stream()
                            .anyMatch(state -> state.status() == TaskState.Status.CANCELLED));
                }
                assertThatThrownBy(task::await)
                        .isInstanceOf(MCPConnectionException.class)
                        .hasMessageContaining("cancelled");
            }
        }

        @Test
        void questionOfATask_isAnsweredByAHandlerOrByHand() {
            try (MCPClient client = builder(http.uri())
                            .onForm(form -> form.accept(Map.of("name", "Ann")))
                            .build();
                    MCPClient other = builder(http.uri()).build()) {
                assertThat(submitted(client, "long_ask").await().get("text").asText())
                        .isEqualTo("Ann");
                ServerTask task = other.task(submitted(client, "long_ask").id());
                await().atMost(Gate.PATIENCE).until(() -> task.state().status() == TaskState.Status.INPUT_REQUIRED);
                // It has no handler; the task goes on.
                assertThatThrownBy(task::await).isInstanceOf(MCPInputException.class);
                String key = task.state().questions().fieldNames().next();
                task.answer(Map.of(key, Map.of("action", "accept", "content", Map.of("name", "Bob"))));
                assertThat(task.await().get("text").asText()).isEqualTo("Bob");
            }
        }

        @Test
        void timeoutOfTheFollowing_doesNotEndTheTask() {
            try (MCPClient client = builder(http.uri()).build()) {
                ServerTask task = submitted(client, "long_wait");
                assertThatThrownBy(
                                () -> task.withTimeout(Duration.ofMillis(200)).await())
                        .isInstanceOf(MCPTimeoutException.class);
                CompletableFuture<CallResult> following = task.follow();
                following.cancel(true);
                assertThat(task.state().status()).isEqualTo(TaskState.Status.WORKING);
                task.cancel();
            }
        }

        @Test
        void unknownTask_isAnError() {
            try (MCPClient client = builder(http.uri()).build()) {
                ServerTask task = client.task("none");
                assertThatThrownBy(task::state).isInstanceOf(MCPProtocolException.class);
                assertThatThrownBy(task::await).isInstanceOf(MCPProtocolException.class);
                assertThatThrownBy(task::cancel).isInstanceOf(MCPProtocolException.class);
                assertThatThrownBy(() -> task.subscribe(state -> {})).isInstanceOf(RuntimeException.class);
            }
        }

        @Test
        void clientWithoutTasks_saysHowToGetThem() {
            try (MCPClient client =
                    MCPClient.builder(HttpEndpoint.of(http.uri())).build()) {
                assertThatThrownBy(() -> client.task("t"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("tasks(true)");
                assertThatThrownBy(() -> client.tool("long").submit()).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void pollThatIsLost_isRepeated() throws Exception {
        AtomicInteger polls = new AtomicInteger();
        try (ForeignServer server = new ForeignServer(request -> {
                    if (request.method().equals("tools/call")) {
                        request.result(WORKING);
                    } else if (request.method().equals("tasks/get") && polls.incrementAndGet() <= 3) {
                        request.send(503, "text/html", "");
                    } else {
                        request.result(
                                "{\"taskId\":\"t\",\"status\":\"completed\",\"result\":{\"structuredContent\":7}}");
                    }
                });
                MCPClient client = builder(server.uri()).build()) {
            assertThat(client.call("t", Map.of()).asInt()).isEqualTo(7);
            assertThat(polls).hasValue(4);
        }
    }

    @Test
    void stateOfAnotherTask_isNotTakenForThatOfThisOne() throws Exception {
        try (ForeignServer server = new ForeignServer(request -> {
                    if (request.method().equals("tools/call")) {
                        request.result(WORKING);
                    } else {
                        request.result(
                                "{\"taskId\":\"u\",\"status\":\"completed\",\"result\":{\"structuredContent\":7}}");
                    }
                });
                MCPClient client = builder(server.uri()).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("another task");
        }
    }

    @Test
    void taskThatCannotBePolledAnyMore_isGivenUpAndCancelled() throws Exception {
        try (ForeignServer server = new ForeignServer(request -> {
                    if (request.method().equals("tools/call")) {
                        request.result(WORKING);
                    } else {
                        request.send(503, "text/html", "");
                    }
                });
                MCPClient client = builder(server.uri()).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOf(MCPConnectionException.class);
            assertThat(server.requests("tasks/get")).hasSize(6);
            await().atMost(Gate.PATIENCE)
                    .until(() -> server.requests("tasks/cancel").size() == 1);
        }
    }
}
