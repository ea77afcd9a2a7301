package io.qicore.mcp.tool;

import io.qicore.mcp.internal.concurrent.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of a tool whose handler returns more than a plain value: content blocks, a request for input, or a task.
 * See {@link MCPTool.Builder#resultHandler}. Immutable.
 */
public sealed interface ToolResult {

    /**
     * The final result of a call.
     *
     * @param content the content blocks for the model; if the list is empty and there is a structured value, the value
     *     is sent as JSON text
     * @param structured the structured value for programs, or null; a {@link WrittenJson} is sent as it is
     * @param isError whether the tool failed; prefer throwing {@link MCPToolError}, which has a code
     */
    record Complete(List<Content> content, @Nullable Object structured, boolean isError) implements ToolResult {
        /** Copies the list. */
        public Complete {
            Objects.requireNonNull(content, "content");
            content = List.copyOf(content);
        }
    }

    /**
     * A structured value that the tool has written as JSON already. It is sent as it is: neither converted nor
     * validated against the output schema, which saves a tree of a large result.
     *
     * @param text one JSON object on one line that matches the output schema, without unpaired surrogates
     */
    record WrittenJson(String text) {
        /**
         * Checks both ends of the text, and that it is one line, as transports need.
         *
         * @throws IllegalArgumentException if it is not one object on one line
         */
        public WrittenJson {
            Objects.requireNonNull(text, "text");
            if (!text.startsWith("{") || !text.endsWith("}") || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
                throw new IllegalArgumentException("The text must be one JSON object on one line.");
            }
        }
    }

    /**
     * The handler needs input from the client and will be called again with it.
     *
     * @param requests the requests to the client
     */
    record InputRequired(InputRequests requests) implements ToolResult {
        /** Requires what is not marked as nullable. */
        public InputRequired {
            Objects.requireNonNull(requests, "requests");
        }
    }

    /**
     * The tool continues in the background. A client that supports tasks gets a task immediately; any other client
     * waits for the result.
     *
     * @param work the work to continue with
     * @param timeout how long a client waits that does not support tasks, from now; null for the rest of the call timeout
     */
    record Task(TaskWork work, @Nullable Duration timeout) implements ToolResult {
        /**
         * Checks the timeout.
         *
         * @throws IllegalArgumentException if it is not positive or longer than {@link MCPTool#MAX_TIMEOUT}
         */
        public Task {
            Objects.requireNonNull(work, "work");
            if (timeout != null) {
                Timeouts.checked("timeout", timeout);
            }
        }
    }

    /** Returns a final result with a structured value, which must match the output schema of the tool. */
    static ToolResult of(Object structured) {
        Objects.requireNonNull(structured, "structured");
        return new Complete(List.of(), structured, false);
    }

    /**
     * Returns a final result that is written as JSON already.
     *
     * @param json see {@link WrittenJson}
     */
    static ToolResult written(String json) {
        Objects.requireNonNull(json, "json");
        return new Complete(List.of(), new WrittenJson(json), false);
    }

    /** Returns a final result with a text block. */
    static ToolResult text(String text) {
        return new Complete(List.of(Content.text(text)), null, false);
    }

    /** Returns a final result with the given content blocks. */
    static ToolResult content(Content... content) {
        return new Complete(List.of(content), null, false);
    }

    /** Returns a request for input from the client. */
    static ToolResult inputRequired(InputRequests requests) {
        Objects.requireNonNull(requests, "requests");
        return new InputRequired(requests);
    }

    /** Returns work that continues in the background. */
    static ToolResult task(TaskWork work) {
        Objects.requireNonNull(work, "work");
        return new Task(work, null);
    }

    /**
     * Returns work that continues in the background and may take longer than a call. A client that does not support tasks
     * waits for it for the given time.
     *
     * @throws IllegalArgumentException if the time is not positive or longer than {@link MCPTool#MAX_TIMEOUT}
     */
    static ToolResult task(TaskWork work, Duration timeout) {
        Objects.requireNonNull(work, "work");
        Objects.requireNonNull(timeout, "timeout");
        return new Task(work, timeout);
    }
}
