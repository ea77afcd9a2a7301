package io.qicore.mcp.client.model;

import io.qicore.mcp.prompt.PromptMessage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a prompt. Immutable.
 *
 * @param description what the prompt is for, or null
 * @param messages the messages that start the conversation
 */
public record PromptContent(@Nullable String description, List<PromptMessage> messages) {
    /** Copies the list. */
    public PromptContent {
        messages = List.copyOf(Objects.requireNonNull(messages, "messages"));
    }
}
