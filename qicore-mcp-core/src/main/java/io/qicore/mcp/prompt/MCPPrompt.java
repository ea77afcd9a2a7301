package io.qicore.mcp.prompt;

import io.qicore.mcp.resource.Completer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A prompt that a user can choose, with arguments that the user fills in.
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
     * @param name the name for programs
     * @param description what the user should fill in
     * @param required whether the user must fill it in
     */
    public record Argument(String name, String description, boolean required) {
        /** Requires what is not marked as nullable. */
        public Argument {
            Objects.requireNonNull(description, "description");
            Objects.requireNonNull(name, "name");
        }
    }

    private MCPPrompt(Builder builder, PromptHandler handler) {
        this.name = builder.name;
        this.title = builder.title;
        this.description = builder.description;
        this.arguments = List.copyOf(builder.arguments);
        this.completers = Map.copyOf(builder.completers);
        this.handler = handler;
    }

    /**
     * Returns a builder for a prompt.
     *
     * @param name the name for programs
     * @throws IllegalArgumentException if the name is blank
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** Returns the name for programs. */
    public String name() {
        return name;
    }

    /** Returns the name for people, or null. */
    public @Nullable String title() {
        return title;
    }

    /** Returns the description, or null. */
    public @Nullable String description() {
        return description;
    }

    /** Returns the arguments in the order in which they were added. */
    public List<Argument> arguments() {
        return arguments;
    }

    /** Returns whether any argument has a completer. */
    public boolean hasCompleters() {
        return !completers.isEmpty();
    }

    /** Returns the completer of an argument, or empty if it has none. */
    public Optional<Completer> completer(String argument) {
        Objects.requireNonNull(argument, "argument");
        return Optional.ofNullable(completers.get(argument));
    }

    /** Returns the handler. */
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
                throw new IllegalArgumentException("The name of a prompt must not be blank.");
            }
            this.name = name;
        }

        /** Sets the name for people. Default: none. */
        public Builder title(String title) {
            this.title = Objects.requireNonNull(title, "title");
            return this;
        }

        /** Sets the description: what the prompt is for. Default: none. */
        public Builder description(String description) {
            this.description = Objects.requireNonNull(description, "description");
            return this;
        }

        /**
         * Adds an argument.
         *
         * @param argument the name of the argument
         * @param about what the user should fill in
         * @param required whether the user must fill it in
         * @throws IllegalArgumentException if the prompt already has an argument with this name
         */
        public Builder argument(String argument, String about, boolean required) {
            Objects.requireNonNull(about, "about");
            Objects.requireNonNull(argument, "argument");
            if (arguments.stream().anyMatch(other -> other.name().equals(argument))) {
                throw new IllegalArgumentException("Prompt " + name + " already has an argument '" + argument + "'.");
            }
            arguments.add(new Argument(argument, about, required));
            return this;
        }

        /**
         * Sets the completer of an argument, which must have been added before. Default: none.
         *
         * @throws IllegalArgumentException if the prompt does not have the argument
         */
        public Builder completer(String argument, Completer completer) {
            Objects.requireNonNull(completer, "completer");
            Objects.requireNonNull(argument, "argument");
            if (arguments.stream().noneMatch(other -> other.name().equals(argument))) {
                throw new IllegalArgumentException("Prompt " + name + " has no argument '" + argument + "'.");
            }
            completers.put(argument, completer);
            return this;
        }

        /** Sets the handler. Required. */
        public Builder handler(PromptHandler handler) {
            this.handler = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Returns the prompt.
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
