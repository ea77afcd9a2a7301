package io.qicore.mcp.prompt;

import io.qicore.mcp.tool.InputRequests;
import java.util.List;

/** What a prompt gives. Immutable. */
public sealed interface PromptResult {

    /** The messages to start a conversation with. */
    record Messages(List<PromptMessage> messages) implements PromptResult {
        /** Copies the list. */
        public Messages {
            messages = List.copyOf(messages);
        }
    }

    /** The prompt needs answers first, and will be called again with them. */
    record InputRequired(InputRequests requests) implements PromptResult {}

    /** Messages. */
    static PromptResult of(PromptMessage... messages) {
        return new Messages(List.of(messages));
    }

    /** One message of the user. */
    static PromptResult user(String text) {
        return of(PromptMessage.user(text));
    }

    /** A question back. */
    static PromptResult inputRequired(InputRequests requests) {
        return new InputRequired(requests);
    }
}
