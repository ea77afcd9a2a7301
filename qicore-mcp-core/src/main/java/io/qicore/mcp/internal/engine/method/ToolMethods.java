package io.qicore.mcp.internal.engine.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.access.Offer;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.Interception;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.call.Rounds;
import io.qicore.mcp.internal.engine.revision.ParamHeaders;
import io.qicore.mcp.internal.engine.rpc.Definitions;
import io.qicore.mcp.internal.engine.rpc.Failures;
import io.qicore.mcp.internal.engine.rpc.Replies;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.engine.rpc.ToolResults;
import io.qicore.mcp.internal.engine.task.TaskMethods;
import io.qicore.mcp.internal.log.LogText;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@code tools/list} and {@code tools/call}. */
public final class ToolMethods {

    private static final Logger log = LoggerFactory.getLogger(ToolMethods.class);

    private final Interception interception;
    private final int pageSize;
    private final @Nullable TaskMethods tasks;
    private volatile Map<String, Entry> tools;

    /** A tool and its headers, which are read from its schema once. */
    private record Entry(MCPTool tool, ParamHeaders headers) {}

    /**
     * @param interception decides who sees which tools
     * @param tasks what lets calls go on as tasks, or null
     */
    ToolMethods(List<MCPTool> tools, Interception interception, int pageSize, @Nullable TaskMethods tasks) {
        this.interception = interception;
        this.pageSize = pageSize;
        this.tasks = tasks;
        this.tools = index(tools);
    }

    /** Replaces the tools. */
    public void replace(List<MCPTool> newTools) {
        tools = index(newTools);
    }

    boolean isEmpty() {
        return tools.isEmpty();
    }

    private Map<String, Entry> index(List<MCPTool> tools) {
        Map<String, Entry> index = new LinkedHashMap<>();
        for (MCPTool tool : tools) {
            if (tool.requiresTask() && this.tasks == null) {
                throw new IllegalArgumentException(tool.name() + " requires tasks, but the server has no task store.");
            }
            if (index.put(tool.name(), new Entry(tool, ParamHeaders.of(tool))) != null) {
                throw new IllegalArgumentException("Two tools have the name '" + tool.name() + "'.");
            }
        }
        return index;
    }

    void list(Call call) throws RpcException {
        Request request = call.request();
        List<Entry> all = new ArrayList<>(tools.values());
        if (!interception.isEmpty()) {
            all.removeIf(entry -> !isVisible(entry, call.caller()));
        }
        call.complete(
                Pages.page(
                        request,
                        "tools",
                        all,
                        pageSize,
                        entry -> entry.tool().name(),
                        entry -> Definitions.tool(entry.tool())),
                Revision.ResultType.CACHEABLE);
    }

    void call(Call call) throws RpcException {
        Request request = call.request();
        Entry entry = find(request.text("name"), call.caller());
        ObjectNode arguments = request.object("arguments");
        if (request.revision().headersRepeatArguments() && request.metadata().hasHeaders()) {
            entry.headers().check(arguments, request.metadata());
        }
        if (entry.tool().requiresTask()) {
            TaskMethods.requireTasks(request);
        }
        if (entry.tool().timeout() != null) {
            call.setTimeout(entry.tool().timeout());
        }
        Rounds<ToolResult> rounds = new ToolCall(entry.tool(), arguments, tasks);
        call.setLateReply(() -> Replies.result(
                request.id(), request.revision().shape(late(entry.tool()), type(entry.tool())), Map.of()));
        Rounds.serve(call, rounds);
    }

    private boolean isVisible(Entry entry, Caller caller) {
        return interception.isEmpty() || interception.offers(caller, new Offer.Tool(entry.tool()));
    }

    /** Returns the tool of a name, if the caller sees one; otherwise null. */
    Offer.@Nullable Tool offer(String name, Caller caller) {
        Entry entry = tools.get(name);
        return entry == null || !isVisible(entry, caller) ? null : new Offer.Tool(entry.tool());
    }

    private Entry find(String name, Caller caller) throws RpcException {
        Entry entry = tools.get(name);
        if (entry == null || !isVisible(entry, caller)) {
            // A tool that the caller does not see must not be suggested either.
            List<String> visible = tools.values().stream()
                    .filter(other -> isVisible(other, caller))
                    .map(other -> other.tool().name())
                    .toList();
            String hint = ClosestName.to(name, visible)
                    .map(near -> " Did you mean '" + near + "'?")
                    .orElse(" tools/list names the ones there are.");
            throw RpcException.invalidParams("Unknown tool: '" + name + "'." + hint);
        }
        return entry;
    }

    /** The rounds of one call of a tool. */
    private record ToolCall(
            MCPTool tool, ObjectNode arguments, @Nullable TaskMethods tasks) implements Rounds<ToolResult> {

        @Override
        public CompletableFuture<ToolResult> round(Call call) {
            return tool.callAsync(arguments, call).toCompletableFuture().thenApply(answer -> inline(answer, call));
        }

        /** Runs the work of a task within the call if the client does not support tasks or the server has no store. */
        private ToolResult inline(ToolResult answer, Call call) {
            if (!(answer instanceof ToolResult.Task task)
                    || (tasks != null && call.clientSupports(ClientFeature.TASKS))) {
                return answer;
            }
            if (task.timeout() != null) {
                call.setTimeout(task.timeout());
            }
            try {
                return task.work().run(call);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        }

        @Override
        public Optional<InputRequests> question(ToolResult answer) {
            return answer instanceof ToolResult.InputRequired question
                    ? Optional.of(question.requests())
                    : Optional.empty();
        }

        @Override
        public void complete(Call call, ToolResult answer) throws RpcException {
            if (answer instanceof ToolResult.Task task && tasks != null) {
                tasks.start(call, tool, task.work());
            } else {
                call.complete(ToolResults.success(tool, (ToolResult.Complete) answer), type(tool));
            }
        }

        @Override
        public void fail(Call call, Throwable failure) {
            call.complete(ToolResults.failure(toolError(tool, call, failure)), type(tool));
        }
    }

    private static Revision.ResultType type(MCPTool tool) {
        return tool.hasOutputSchema() ? Revision.ResultType.TOOL_CALL_WITH_SCHEMA : Revision.ResultType.TOOL_CALL;
    }

    private static ObjectNode late(MCPTool tool) {
        return ToolResults.failure(new MCPToolError(
                StandardErrorCode.DEADLINE_EXCEEDED,
                tool.name() + " did not end within its deadline and was cancelled."));
    }

    private static MCPToolError toolError(MCPTool tool, Call call, Throwable failure) {
        if (failure instanceof MCPToolError error) {
            if (error.getCause() != null) {
                log.info("{}: {}", tool.name(), LogText.of(error.toString()), LogText.of(error.getCause()));
            }
            return error;
        }
        if (call.isCancelled()) {
            log.debug("{} ended after it had been cancelled", tool.name(), LogText.of(failure));
            return new MCPToolError(StandardErrorCode.DEADLINE_EXCEEDED, tool.name() + " was cancelled.");
        }
        String correlationId = Failures.log(log, "Tool " + tool.name(), failure);
        return new MCPToolError(
                StandardErrorCode.INTERNAL_ERROR,
                Failures.message(tool.name(), correlationId),
                Map.of("correlationId", correlationId));
    }
}
