package io.qicore.mcp.prompt;

import io.qicore.mcp.tool.Completer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A prompt that a user can choose, with arguments to fill in.
 *
 * <pre>{@code
 * MCPPrompt diagnose = MCPPrompt.builder("diagnose_lag")
 *         .description("Finds out why a consumer group falls behind")
 *         .argument("group", "The consumer group", true)
 *         .handler((arguments, context) -> PromptResult.user("Why does group " + arguments.get("group") + " lag?"))
 *         .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class MCPPrompt {

    private final String name;
    private final @Nullable String title;
    private final @Nullable String description;
    private final List<Argument> arguments;
    private final Map<String, Completer> completers;
    private final PromptHandler handler;

    /**
     * An argument of a prompt.
     *
     * @param name its name
     * @param description what to fill in
     * @param required whether it must be given
     */
    public record Argument(String name, String description, boolean required) {}

    private MCPPrompt(Builder builder, PromptHandler handler) {
        this.name = builder.name;
        this.title = builder.title;
        this.description = builder.description;
        this.arguments = List.copyOf(builder.arguments);
        this.completers = Map.copyOf(builder.completers);
        this.handler = handler;
    }

    /** A prompt of the given name. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** The name for programs. */
    public String name() {
        return name;
    }

    /** The name for people, or null. */
    public @Nullable String title() {
        return title;
    }

    /** What it is for, or null. */
    public @Nullable String description() {
        return description;
    }

    /** Its arguments, in order. */
    public List<Argument> arguments() {
        return arguments;
    }

    /** Whether anything offers values for any argument. */
    public boolean hasCompleters() {
        return !completers.isEmpty();
    }

    /** What offers values for an argument, if anything does. */
    public Optional<Completer> completer(String argument) {
        return Optional.ofNullable(completers.get(argument));
    }

    /** What writes it. */
    public PromptHandler handler() {
        return handler;
    }

    /** Builds an {@link MCPPrompt}. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final List<Argument> arguments = new ArrayList<>();
        private final Map<String, Completer> completers = new LinkedHashMap<>();
        private @Nullable String title;
        private @Nullable String description;
        private @Nullable PromptHandler handler;

        private Builder(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("A prompt needs a name.");
            }
            this.name = name;
        }

        /** The name for people. Default: none. */
        public Builder title(String title) {
            this.title = Objects.requireNonNull(title);
            return this;
        }

        /** What it is for. Default: nothing. */
        public Builder description(String description) {
            this.description = Objects.requireNonNull(description);
            return this;
        }

        /**
         * Adds an argument.
         *
         * @throws IllegalArgumentException if there is one of that name
         */
        public Builder argument(String argument, String about, boolean required) {
            if (arguments.stream().anyMatch(other -> other.name().equals(argument))) {
                throw new IllegalArgumentException("Prompt " + name + " has two arguments '" + argument + "'.");
            }
            arguments.add(new Argument(argument, about, required));
            return this;
        }

        /**
         * What offers values for an argument.
         *
         * @throws IllegalArgumentException if there is no such argument
         */
        public Builder completer(String argument, Completer completer) {
            if (arguments.stream().noneMatch(other -> other.name().equals(argument))) {
                throw new IllegalArgumentException("Prompt " + name + " has no argument '" + argument + "'.");
            }
            completers.put(argument, completer);
            return this;
        }

        /** What writes it. Required. */
        public Builder handler(PromptHandler handler) {
            this.handler = Objects.requireNonNull(handler);
            return this;
        }

        /**
         * The prompt.
         *
         * @throws IllegalStateException if the handler is missing
         */
        public MCPPrompt build() {
            if (handler == null) {
                throw new IllegalStateException("Prompt " + name + " needs a handler.");
            }
            return new MCPPrompt(this, handler);
        }
    }
}
