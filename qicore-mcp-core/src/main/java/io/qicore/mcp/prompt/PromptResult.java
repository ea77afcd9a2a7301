package io.qicore.mcp.prompt;

import io.qicore.mcp.tool.InputRequests;
import java.util.List;
import java.util.Objects;

/** The result of a prompt. Immutable. */
public sealed interface PromptResult {

    /** The messages that start the conversation. */
    record Messages(List<PromptMessage> messages) implements PromptResult {
        /** Copies the list. */
        public Messages {
            Objects.requireNonNull(messages, "messages");
            messages = List.copyOf(messages);
        }
    }

    /** The handler needs input from the client and will be called again with it. */
    record InputRequired(InputRequests requests) implements PromptResult {
        /** Requires what is not marked as nullable. */
        public InputRequired {
            Objects.requireNonNull(requests, "requests");
        }
    }

    /** Returns the given messages. */
    static PromptResult of(PromptMessage... messages) {
        return new Messages(List.of(messages));
    }

    /** Returns a single text message of the user. */
    static PromptResult user(String text) {
        return of(PromptMessage.user(text));
    }

    /** Returns a request for input from the client. */
    static PromptResult inputRequired(InputRequests requests) {
        Objects.requireNonNull(requests, "requests");
        return new InputRequired(requests);
    }
}
