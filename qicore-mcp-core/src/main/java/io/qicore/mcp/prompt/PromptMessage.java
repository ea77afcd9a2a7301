package io.qicore.mcp.prompt;

import io.qicore.mcp.tool.Content;
import java.util.Objects;

/**
 * One message of a prompt. Immutable.
 *
 * @param role the author of the message
 * @param content the content of the message
 */
public record PromptMessage(Role role, Content content) {
    /** Requires what is not marked as nullable. */
    public PromptMessage {
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(role, "role");
    }

    /** The author of a message. */
    public enum Role {
        /** The user. */
        USER,
        /** The model. */
        ASSISTANT
    }

    /** Returns a text message of the user. */
    public static PromptMessage user(String text) {
        return new PromptMessage(Role.USER, Content.text(text));
    }

    /** Returns a text message of the model. */
    public static PromptMessage assistant(String text) {
        return new PromptMessage(Role.ASSISTANT, Content.text(text));
    }
}
