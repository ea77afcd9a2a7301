package io.qicore.mcp.client.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A prompt as described by its server. Immutable.
 *
 * @param name the name to get the prompt by
 * @param title the name for people, or null
 * @param description what the prompt is for, or null
 * @param arguments the arguments that the prompt takes
 */
public record PromptDescription(
        String name, @Nullable String title, @Nullable String description, List<Argument> arguments) {
    /** Requires a name; null for {@code arguments} stands for none. */
    public PromptDescription(
            String name, @Nullable String title, @Nullable String description, @Nullable List<Argument> arguments) {
        this.name = Objects.requireNonNull(name, "name");
        this.title = title;
        this.description = description;
        this.arguments = arguments == null ? List.of() : List.copyOf(arguments);
    }

    /**
     * An argument of a prompt. Immutable.
     *
     * @param name the name of the argument
     * @param title the name for people, or null
     * @param description what the argument means, or null
     * @param required whether the prompt needs the argument
     */
    public record Argument(
            String name, @Nullable String title, @Nullable String description, boolean required) {
        /** Requires a name. */
        public Argument {
            Objects.requireNonNull(name, "name");
        }
    }
}
