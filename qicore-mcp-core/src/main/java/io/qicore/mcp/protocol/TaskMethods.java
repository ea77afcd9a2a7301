package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.interaction.ClientFeature;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.task.Task;
import io.qicore.mcp.task.TaskStatus;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.TaskWork;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The extension {@code io.modelcontextprotocol/tasks}: {@code tasks/*}, and calls that are answered with a task.
 *
 * @see <a href="https://modelcontextprotocol.io/extensions/tasks">MCP extensions, Tasks</a>
 */
final class TaskMethods {

    private final Tasks tasks;
    private final Set<TaskRun> running = ConcurrentHashMap.newKeySet();

    TaskMethods(Tasks tasks) {
        this.tasks = tasks;
    }

    Tasks tasks() {
        return tasks;
    }

    /** Answers a call with a task and goes on with its work. The task can be found before the answer is sent. */
    void start(Request request, Call call, MCPTool tool, TaskWork work) {
        Task task = tasks.create(call.principal());
        TaskRun run = new TaskRun(tasks, tool, work, task, request.client().features());
        running.add(run);
        Threads.start("mcp-task", () -> {
            try {
                run.run();
            } finally {
                running.remove(run);
            }
        });
        call.complete(Tasks.toJson(task), Revision.ResultType.TASK);
    }

    void get(Request request, Call call) throws RpcException {
        call.complete(Tasks.toJson(find(request)), Revision.ResultType.PLAIN);
    }

    void update(Request request, Call call) throws RpcException {
        Task task = find(request);
        ObjectNode given = request.object("inputResponses");
        if (task.status() == TaskStatus.INPUT_REQUIRED) {
            tasks.change(task.taskId(), current -> answer(current, given));
        }
        call.complete(Json.object(), Revision.ResultType.PLAIN);
    }

    /** Takes the answers that are wanted, and ignores the others. */
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

    void cancel(Request request, Call call) throws RpcException {
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
    static void requireTasks(Request request) throws RpcException {
        if (!request.client().features().contains(ClientFeature.TASKS)) {
            throw RpcException.missingCapability(request.method(), Set.of(ClientFeature.TASKS));
        }
    }

    /** Stops the work that runs here; the tasks stay as they are in the store. */
    void stop() {
        running.forEach(TaskRun::cancel);
    }
}
