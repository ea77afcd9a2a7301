package io.qicore.mcp.internal.engine.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.engine.call.Cancellation;
import io.qicore.mcp.internal.engine.rpc.Failures;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.engine.rpc.ToolResults;
import io.qicore.mcp.internal.engine.rpc.Watches;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogText;
import io.qicore.mcp.task.Task;
import io.qicore.mcp.task.TaskStatus;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.InputResponses;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.TaskWork;
import io.qicore.mcp.tool.ToolResult;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the work of one task on its own thread. The store holds everything that others need to know of the task; the
 * run reads answers and cancellation from there.
 */
public final class TaskRun implements RequestContext {

    private static final Logger log = LoggerFactory.getLogger(TaskRun.class);

    private final Tasks tasks;
    private final MCPTool tool;
    private final TaskWork work;
    private final Task task;
    private final Caller caller;
    private final Set<ClientFeature> clientFeatures;

    private final Cancellation cancellation;

    // Guarded by this.
    private boolean stopped;
    private boolean changed;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile InputResponses inputs = InputResponses.NONE;
    private int round;

    public TaskRun(
            Tasks tasks, MCPTool tool, TaskWork work, Task task, Caller caller, Set<ClientFeature> clientFeatures) {
        this.tasks = tasks;
        this.tool = tool;
        this.work = work;
        this.task = task;
        this.caller = caller;
        this.clientFeatures = clientFeatures;
        this.cancellation = new Cancellation("a task of " + tool.name());
    }

    /** Starts the work on its own thread. */
    public void start(Runnable atEnd) {
        Duration left = remaining();
        CompletableFuture<Void> timer = new CompletableFuture<>();
        timer.orTimeout(left.toMillis(), TimeUnit.MILLISECONDS).whenComplete((nothing, expired) -> {
            if (expired instanceof TimeoutException) {
                Threads.run("mcp-task-expired", this::cancel);
            }
        });
        Threads.run("mcp-task", () -> {
            try {
                run();
            } finally {
                timer.complete(null);
                atEnd.run();
                ended.complete(null);
            }
        });
    }

    /** Completed when the work has ended. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    private void run() {
        boolean interrupted = cancellation.enter();
        AutoCloseable watch = () -> {};
        try {
            watch = tasks.store().watch(task.taskId(), this::changed);
            // The task may have been cancelled before it was watched.
            look();
            while (!isCancelled()) {
                ToolResult result = work.run(this);
                if (result instanceof ToolResult.InputRequired question) {
                    inputs = ask(question.requests());
                } else if (result instanceof ToolResult.Complete complete) {
                    end(ToolResults.success(tool, complete));
                    return;
                } else {
                    throw new IllegalStateException(tool.name() + " answered a task with another task.");
                }
            }
            throw new InterruptedException("The task has ended.");
        } catch (Throwable e) {
            failed(e);
        } finally {
            cancellation.leave(interrupted);
            Watches.close(watch);
        }
    }

    private void end(ObjectNode result) {
        // Clears an interrupt that was meant for the work, not for the store.
        Thread.interrupted();
        result.put("resultType", "complete");
        tasks.change(task.taskId(), current -> tasks.completed(current, result));
    }

    private void failed(Throwable failure) {
        try {
            if (failure instanceof MCPToolError error) {
                end(ToolResults.failure(error));
            } else if (failure instanceof RpcException refused) {
                fail(refused.error());
            } else if (isStopped()) {
                fail(new RpcError(RpcError.INTERNAL_ERROR, "The server stopped before the task had ended."));
            } else if (isCancelled()) {
                log.debug("A cancelled task of {} ended", tool.name(), LogText.of(failure));
            } else {
                String correlationId = Failures.log(log, "Task of " + tool.name(), failure);
                fail(new RpcError(RpcError.INTERNAL_ERROR, Failures.message(tool.name(), correlationId)));
            }
        } catch (RuntimeException e) {
            log.error(
                    "The task store did not take the end of a task of {}: it stays as it was",
                    tool.name(),
                    LogText.of(e));
        }
    }

    private void fail(RpcError error) {
        Thread.interrupted();
        tasks.change(task.taskId(), current -> tasks.failed(current, error));
    }

    /** Waits for the answers of the client. Each round of a task has different keys. */
    private InputResponses ask(InputRequests requests) throws InterruptedException, RpcException {
        Set<ClientFeature> missing = EnumSet.noneOf(ClientFeature.class);
        requests.items().values().stream()
                .map(InputRequests.Item::needs)
                .filter(needs -> !clientSupports(needs))
                .forEach(missing::add);
        if (!missing.isEmpty()) {
            throw RpcException.missingCapability(Reply.Kind.ERROR, "The task", missing);
        }
        round++;
        String suffix = "-" + round;
        ObjectNode wanted = Json.object();
        requests.items().forEach((key, item) -> {
            ObjectNode one = wanted.putObject(key + suffix).put("method", item.method());
            one.set("params", item.params());
        });
        tasks.change(task.taskId(), current -> tasks.waiting(current, wanted));
        ObjectNode answers = Json.object();
        for (var answer : awaitAnswers().properties()) {
            answers.set(answer.getKey().substring(0, answer.getKey().length() - suffix.length()), answer.getValue());
        }
        JsonNode state = requests.state() == null ? null : Json.MAPPER.valueToTree(requests.state());
        return new InputResponses(answers, state);
    }

    private ObjectNode awaitAnswers() throws InterruptedException {
        while (true) {
            Task current = tasks.store().get(task.taskId()).orElse(null);
            if (current == null || current.status().isTerminal()) {
                cancel();
                throw new InterruptedException("The task has ended.");
            }
            if (current.status() != TaskStatus.INPUT_REQUIRED) {
                return current.inputResponses();
            }
            synchronized (this) {
                if (!changed) {
                    wait(Math.max(1, remaining().toMillis()));
                }
                changed = false;
            }
        }
    }

    /** Called when the task may have changed. Failures are not passed on to the caller. */
    private void changed() {
        try {
            look();
        } catch (RuntimeException e) {
            log.warn("A task of {} cannot be read from the task store", tool.name(), LogText.of(e));
        }
    }

    private void look() {
        boolean over = tasks.store()
                .get(task.taskId())
                .map(now -> now.status().isTerminal())
                .orElse(true);
        synchronized (this) {
            changed = true;
            notifyAll();
        }
        if (over) {
            cancel();
        }
    }

    /** Stops the work because the server stops. */
    public void stop() {
        synchronized (this) {
            stopped = !isCancelled();
        }
        cancel();
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /** Tells the work to stop. */
    public void cancel() {
        cancellation.cancel();
    }

    @Override
    public Duration remaining() {
        Duration left = Duration.between(Instant.now(), task.createdAt().plus(task.ttl()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public boolean isCancelled() {
        return cancellation.isCancelled();
    }

    @Override
    public void onCancel(Runnable action) {
        cancellation.onCancel(action);
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public boolean clientSupports(ClientFeature feature) {
        return clientFeatures.contains(feature);
    }

    @Override
    public InputResponses inputs() {
        return inputs;
    }

    @Override
    public void progress(double done, @Nullable Double total, @Nullable String message) {
        if (message != null) {
            try {
                tasks.change(task.taskId(), current -> tasks.described(current, message));
            } catch (RuntimeException e) {
                // The work continues even if its progress cannot be stored.
                log.warn("The task store did not take the progress of a task of {}", tool.name(), LogText.of(e));
            }
        }
    }
}
