package io.qicore.mcp.prompt;

import io.qicore.mcp.tool.Content;

/**
 * One message of a prompt. Immutable.
 *
 * @param role who speaks
 * @param content what is said
 */
public record PromptMessage(Role role, Content content) {

    /** Who speaks. */
    public enum Role {
        /** The person. */
        USER,
        /** The model. */
        ASSISTANT
    }

    /** What the person says. */
    public static PromptMessage user(String text) {
        return new PromptMessage(Role.USER, Content.text(text));
    }

    /** What the model says. */
    public static PromptMessage assistant(String text) {
        return new PromptMessage(Role.ASSISTANT, Content.text(text));
    }
}
