package io.qicore.mcp.internal.engine.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.task.Task;
import io.qicore.mcp.task.TaskStatus;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.TaskWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The extension {@code io.modelcontextprotocol/tasks}: the methods {@code tasks/*}, and calls that are answered with
 * a task.
 *
 * @see <a href="https://modelcontextprotocol.io/extensions/tasks">MCP extensions, Tasks</a>
 */
public final class TaskMethods {

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

    private final Tasks tasks;
    private final int maxRunning;
    private final int maxRunningOfCaller;
    private final Set<TaskRun> running = ConcurrentHashMap.newKeySet();

    /** @param maxRunning how many tasks may be at work here at once; an authenticated caller gets half of them at most */
    public TaskMethods(Tasks tasks, int maxRunning) {
        this.tasks = tasks;
        this.maxRunning = maxRunning;
        this.maxRunningOfCaller = Math.max(1, maxRunning / 2);
    }

    public Tasks tasks() {
        return tasks;
    }

    /**
     * Answers a call with a task and continues its work. The task can be found before the answer is sent. If the
     * answer cannot be sent, nobody knows the task, and it does not begin.
     */
    public void start(Call call, MCPTool tool, TaskWork work) throws RpcException {
        Request request = call.request();
        requirePlace(call.caller().identity());
        Task task = tasks.create(call.caller().identity());
        TaskRun run = new TaskRun(
                tasks, tool, work, task, call.caller(), request.client().features());
        running.add(run);
        boolean told = false;
        try {
            told = call.complete(Tasks.toJson(task), Revision.ResultType.TASK);
        } finally {
            if (!told) {
                running.remove(run);
                run.ended().complete(null);
                tasks.change(
                        task.taskId(),
                        current -> tasks.with(current, TaskStatus.CANCELLED, "Its client has gone before it began"));
            }
        }
        if (told) {
            run.start(() -> running.remove(run));
        }
    }

    private void requirePlace(@Nullable String caller) throws RpcException {
        if (running.size() >= maxRunning) {
            throw RpcException.busy(maxRunning + " tasks are running");
        }
        if (caller != null
                && running.stream()
                                .filter(run -> caller.equals(run.caller().identity()))
                                .count()
                        >= maxRunningOfCaller) {
            throw RpcException.busy(maxRunningOfCaller + " tasks of this caller are running");
        }
    }

    public void get(Call call) throws RpcException {
        Request request = call.request();
        call.complete(Tasks.toJson(find(request)), Revision.ResultType.PLAIN);
    }

    public void update(Call call) throws RpcException {
        Request request = call.request();
        Task task = find(request);
        ObjectNode given = request.object("inputResponses");
        if (task.status() == TaskStatus.INPUT_REQUIRED) {
            tasks.change(task.taskId(), current -> answer(current, given));
        }
        call.complete(Json.object(), Revision.ResultType.PLAIN);
    }

    /** Takes the answers that the task waits for, and ignores others. */
    private Task answer(Task task, ObjectNode given) {
        if (task.inputRequests() == null) {
            return tasks.with(task, task.status(), task.statusMessage());
        }
        ObjectNode wanted = task.inputRequests().deepCopy();
        ObjectNode responses = task.inputResponses().deepCopy();
        given.properties().forEach(answer -> {
            if (wanted.remove(answer.getKey()) != null) {
                responses.set(answer.getKey(), answer.getValue());
            }
        });
        return tasks.answered(task, wanted, responses);
    }

    public void cancel(Call call) throws RpcException {
        Request request = call.request();
        Task task = find(request);
        tasks.change(task.taskId(), current -> tasks.with(current, TaskStatus.CANCELLED, "Cancelled by the client"));
        call.complete(Json.object(), Revision.ResultType.PLAIN);
    }

    private Task find(Request request) throws RpcException {
        requireTasks(request);
        String taskId = request.text("taskId");
        return tasks.find(taskId, request.metadata().principal())
                .orElseThrow(() -> RpcException.invalidParams("Unknown task: " + taskId));
    }

    /** Refuses clients that did not declare the extension with this request. */
    public static void requireTasks(Request request) throws RpcException {
        if (!request.client().features().contains(ClientFeature.TASKS)) {
            throw RpcException.missingCapability(Reply.Kind.BAD_REQUEST, request.method(), Set.of(ClientFeature.TASKS));
        }
    }

    /** Stops the work that runs in this process and waits briefly for its end. Its tasks fail. */
    public void stop() {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (TaskRun run : running) {
            ends.add(run.ended());
            run.stop();
        }
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
