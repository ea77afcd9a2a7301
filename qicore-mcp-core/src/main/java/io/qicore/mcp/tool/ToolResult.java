package io.qicore.mcp.tool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tool answers when a plain value does not do: blocks of content, or a question back. See
 * {@code MCPTool.Builder.resultHandler}. Immutable.
 */
public sealed interface ToolResult {

    /**
     * The tool is done.
     *
     * @param content what the model sees; if it is empty and there is a structured value, that value as JSON text
     * @param structured what programs read, or null
     * @param isError the tool failed; prefer to throw {@link MCPToolError}, which has a code
     */
    record Complete(List<Content> content, @Nullable Object structured, boolean isError) implements ToolResult {
        /** Copies the list. */
        public Complete {
            content = List.copyOf(content);
        }
    }

    /**
     * The tool needs answers first, and will be called again with them.
     *
     * @param requests what it needs
     */
    record InputRequired(InputRequests requests) implements ToolResult {}

    /**
     * The tool goes on in the background: a client that can follow tasks gets one at once, any other waits for the result.
     *
     * @param work what goes on
     */
    record Task(TaskWork work) implements ToolResult {}

    /** A value that fits the tool's output schema. */
    static ToolResult of(Object structured) {
        return new Complete(List.of(), structured, false);
    }

    /** A text. */
    static ToolResult text(String text) {
        return new Complete(List.of(Content.text(text)), null, false);
    }

    /** Blocks of content. */
    static ToolResult content(Content... content) {
        return new Complete(List.of(content), null, false);
    }

    /** A question back. */
    static ToolResult inputRequired(InputRequests requests) {
        return new InputRequired(requests);
    }

    /** Work that goes on in the background. */
    static ToolResult task(TaskWork work) {
        return new Task(work);
    }
}
