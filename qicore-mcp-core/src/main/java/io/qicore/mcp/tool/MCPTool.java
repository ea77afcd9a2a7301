package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.json.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tool of an MCP server: its name, the description that agents read, its schemas and its handler.
 *
 * <p>The schemas are usually generated from records. Generating them and compiling their validators happens once, when
 * the tool is built.
 *
 * <pre>{@code
 * record Add(@Schema("First number") double a, @Schema("Second number") double b) {}
 *
 * record Sum(double sum) {}
 *
 * MCPTool add = MCPTool.builder("add", Add.class, Sum.class)
 *         .description("Adds two numbers.")
 *         .annotations(ToolAnnotations.readOnly())
 *         .handler((args, context) -> new Sum(args.a() + args.b()))
 *         .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class MCPTool {

    /** The longest call timeout of a tool or a server: 24 hours. */
    public static final Duration MAX_TIMEOUT = Timeouts.MAX;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

    private final String name;
    private final @Nullable String title;
    private final String description;
    private final ToolAnnotations annotations;
    private final ObjectNode inputSchema;
    private final @Nullable ObjectNode outputSchema;
    private final boolean requiresTask;
    private final @Nullable Duration timeout;
    private final BoundHandler boundHandler;
    private final @Nullable JsonSchema resultValidator;

    /** A handler combined with its argument reader, so that the tool itself needs no type parameters. */
    @FunctionalInterface
    private interface BoundHandler {
        Object invoke(ObjectNode arguments, RequestContext context) throws Exception;
    }

    private <A, R> MCPTool(Builder<A, R> builder, ToolHandler<A, ?> handler) {
        this.name = builder.name;
        this.title = builder.title;
        this.description = builder.description;
        this.annotations = builder.annotations;
        this.requiresTask = builder.requiresTask;
        this.timeout = builder.timeout;
        this.inputSchema = builder.inputSchema();
        this.outputSchema = builder.outputSchema();
        builder.aliases.forEach(this::checkAlias);
        ArgumentReader<A> reader =
                new ArgumentReader<>(name, inputSchema, builder.argumentType, Map.copyOf(builder.aliases));
        this.resultValidator = outputSchema == null ? null : Schemas.compile(outputSchema);
        this.boundHandler = (arguments, context) -> handler.handle(reader.read(arguments), context);
    }

    private MCPTool(MCPTool tool, Duration timeout) {
        this.name = tool.name;
        this.title = tool.title;
        this.description = tool.description;
        this.annotations = tool.annotations;
        this.inputSchema = tool.inputSchema;
        this.outputSchema = tool.outputSchema;
        this.requiresTask = tool.requiresTask;
        this.timeout = timeout;
        this.resultValidator = tool.resultValidator;
        this.boundHandler = tool.boundHandler;
    }

    private void checkAlias(String alias, String argument) {
        JsonNode properties = inputSchema.path("properties");
        if (properties.has(alias) || !properties.has(argument)) {
            throw new IllegalArgumentException("'" + alias + "' cannot be an alias of '" + argument + "': "
                    + (properties.has(alias) ? "it is an argument itself." : "there is no such argument."));
        }
    }

    /**
     * Returns a builder for a tool whose schemas are generated from two records.
     *
     * @param name 1 to 128 ASCII letters, digits, {@code _}, {@code -} or {@code .}; by convention a verb in
     *     {@code snake_case}, such as {@code list_topics}
     * @param arguments the record of the arguments; its components become the properties of the schema
     * @param result the record of the result
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static <A, R> Builder<A, R> builder(String name, Class<A> arguments, Class<R> result) {
        return new Builder<>(
                name,
                Objects.requireNonNull(arguments, "arguments"),
                Objects.requireNonNull(result, "result"),
                null,
                null);
    }

    /**
     * Returns a builder for a tool with a hand-written input schema. The result may be any value that can be written as
     * JSON, unless an {@linkplain Builder#outputSchema output schema} is set.
     *
     * @param name 1 to 128 ASCII letters, digits, {@code _}, {@code -} or {@code .}
     * @param inputSchema a JSON Schema 2020-12 with {@code "type": "object"} at its root; copied
     * @throws IllegalArgumentException if the name is not allowed or the schema is invalid
     */
    public static Builder<ObjectNode, Object> builder(String name, JsonNode inputSchema) {
        Objects.requireNonNull(inputSchema, "inputSchema");
        return new Builder<>(name, ObjectNode.class, null, Schemas.checked(inputSchema), null);
    }

    /** Returns the name that clients call the tool by. */
    public String name() {
        return name;
    }

    /** Returns the name for people, or null. */
    public @Nullable String title() {
        return title;
    }

    /** Returns the description, by which a model chooses among tools. */
    public String description() {
        return description;
    }

    /** Returns the hints about the effect of the tool. */
    public ToolAnnotations annotations() {
        return annotations;
    }

    /** Returns a copy of the JSON Schema of the arguments. */
    public ObjectNode inputSchema() {
        return inputSchema.deepCopy();
    }

    /** Returns a copy of the JSON Schema of the result, or null if the result has no schema. */
    public @Nullable ObjectNode outputSchema() {
        return outputSchema == null ? null : outputSchema.deepCopy();
    }

    /** Returns whether only clients that support tasks may call the tool. */
    public boolean requiresTask() {
        return requiresTask;
    }

    /** Returns the call timeout of this tool, or null if the server's call timeout applies. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    /**
     * Returns a copy of this tool with another call timeout.
     *
     * @throws IllegalArgumentException if the timeout is not positive or is longer than {@link #MAX_TIMEOUT}
     */
    public MCPTool withTimeout(Duration newTimeout) {
        return new MCPTool(this, Timeouts.checked("The timeout of tool '" + name + "'", newTimeout));
    }

    /** Returns whether the tool has an output schema. */
    public boolean hasOutputSchema() {
        return outputSchema != null;
    }

    /**
     * Validates the arguments and runs the handler on the calling thread. The engine calls this method for
     * {@code tools/call}; it does not enforce a deadline itself. Tests should prefer {@code MCPClient.inProcess}.
     *
     * @return the handler's result, already completed unless the handler is asynchronous. It completes exceptionally
     *     with an {@link MCPToolError} if the arguments do not match the schema, or with the handler's exception
     */
    public CompletionStage<ToolResult> callAsync(ObjectNode arguments, RequestContext context) {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(arguments, "arguments");
        try {
            Object result = boundHandler.invoke(arguments, context);
            return result instanceof CompletionStage<?> stage
                    ? stage.thenApply(MCPTool::asResult)
                    : CompletableFuture.completedFuture(asResult(result));
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static ToolResult asResult(@Nullable Object result) {
        return result instanceof ToolResult known
                ? known
                : ToolResult.of(result == null ? NullNode.getInstance() : result);
    }

    /**
     * Validates the arguments, runs the handler and waits for its result.
     *
     * @return the structured result as JSON; a JSON null if the result has only content blocks
     * @throws MCPToolError if the arguments do not match the schema, or if the handler throws it
     * @throws Exception if the handler throws it
     * @see #callAsync
     */
    public JsonNode call(ObjectNode arguments, RequestContext context) throws Exception {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(arguments, "arguments");
        try {
            ToolResult result =
                    callAsync(arguments, context).toCompletableFuture().get();
            Object value = result instanceof ToolResult.Complete complete ? complete.structured() : result;
            return value instanceof ToolResult.WrittenJson written
                    ? Json.MAPPER.readTree(written.text())
                    : Json.MAPPER.valueToTree(value);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * Validates a result against the output schema. Does nothing if the tool has no output schema.
     *
     * @throws IllegalStateException if the result does not match the schema
     */
    public void checkResult(JsonNode structured) {
        Objects.requireNonNull(structured, "structured");
        if (resultValidator == null) {
            return;
        }
        Set<ValidationMessage> faults = resultValidator.validate(structured);
        if (!faults.isEmpty()) {
            throw new IllegalStateException("The result of " + name + " does not match its output schema: "
                    + faults.iterator().next().getMessage());
        }
    }

    @Override
    public String toString() {
        return "MCPTool[" + name + "]";
    }

    /**
     * Builds an {@link MCPTool}. Not thread-safe.
     *
     * @param <A> the type of the arguments
     * @param <R> the type of the result
     */
    public static final class Builder<A, R> {

        private final String name;
        private final Class<A> argumentType;
        private final @Nullable Class<R> resultType;
        private final @Nullable ObjectNode inputSchema;
        private @Nullable ObjectNode outputSchema;
        private @Nullable String title;
        private String description = "";
        private ToolAnnotations annotations = ToolAnnotations.destructive();
        private final Map<String, String> aliases = new HashMap<>();
        private boolean requiresTask;
        private @Nullable Duration timeout;
        private @Nullable ToolHandler<A, ?> handler;

        private Builder(
                String name,
                Class<A> argumentType,
                @Nullable Class<R> resultType,
                @Nullable ObjectNode inputSchema,
                @Nullable ObjectNode outputSchema) {
            if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
                throw new IllegalArgumentException("Tool name '" + name
                        + "' is not allowed. Use 1 to 128 ASCII letters, digits, '_', '-' or '.' (MCP 2026-07-28).");
            }
            this.name = name;
            this.argumentType = argumentType;
            this.resultType = resultType;
            this.inputSchema = inputSchema;
            this.outputSchema = outputSchema;
        }

        /** Sets the name for people. Default: none. */
        public Builder<A, R> title(String title) {
            this.title = Objects.requireNonNull(title, "title");
            return this;
        }

        /** Sets the description, by which a model chooses among tools. Required. */
        public Builder<A, R> description(String description) {
            this.description = Objects.requireNonNull(description, "description");
            return this;
        }

        /** Sets the hints about the effect of the tool. Default: {@link ToolAnnotations#destructive()}, the safest. */
        public Builder<A, R> annotations(ToolAnnotations annotations) {
            this.annotations = Objects.requireNonNull(annotations, "annotations");
            return this;
        }

        /**
         * Accepts another name for an argument that models often give it. The schema does not show it. {@link #build()}
         * refuses an alias that is an argument itself or that stands for no argument.
         *
         * @param alias the other name
         * @param argument the name of the argument in the schema
         */
        public Builder<A, R> alias(String alias, String argument) {
            aliases.put(Objects.requireNonNull(alias, "alias"), Objects.requireNonNull(argument, "argument"));
            return this;
        }

        /**
         * Restricts the tool to clients that support tasks. Meant for work that takes longer than a call may take. The
         * server needs a {@link io.qicore.mcp.task.TaskStore}. Default: all clients may call the tool.
         */
        public Builder<A, R> requiresTask() {
            this.requiresTask = true;
            return this;
        }

        /**
         * Sets the call timeout of this tool. Default: the call timeout of the server.
         *
         * @throws IllegalArgumentException if the timeout is not positive or is longer than {@link #MAX_TIMEOUT}
         */
        public Builder<A, R> timeout(Duration timeout) {
            this.timeout = Timeouts.checked("The timeout of tool '" + name + "'", timeout);
            return this;
        }

        /**
         * Sets the JSON Schema of the result, for a tool with hand-written schemas. Default: none, so results are not
         * validated.
         *
         * @param schema a JSON Schema 2020-12 with {@code "type": "object"} at its root; copied
         * @throws IllegalArgumentException if the schema is invalid
         */
        public Builder<A, R> outputSchema(JsonNode schema) {
            Objects.requireNonNull(schema, "schema");
            this.outputSchema = Schemas.checked(schema);
            return this;
        }

        /**
         * Sets the handler. A tool needs exactly one: this, a {@link #resultHandler} or an {@link #asyncHandler}. The
         * last one set applies.
         */
        public Builder<A, R> handler(ToolHandler<A, R> handler) {
            this.handler = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Sets a handler that returns a {@link ToolResult}: it can return content blocks, request input from the client
         * or continue as a task. Replaces any other handler.
         */
        public Builder<A, R> resultHandler(ToolHandler<A, ToolResult> handler) {
            this.handler = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /** Sets a handler that does not hold a thread while it works. Replaces any other handler. */
        public Builder<A, R> asyncHandler(ToolHandler<A, ? extends CompletionStage<R>> handler) {
            this.handler = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Returns the tool.
         *
         * @throws IllegalStateException if the description or the handler is missing
         * @throws IllegalArgumentException if a component of a record has a type without a schema, a pattern is not a
         *     regular expression, a default value does not match its schema, an alias does not fit, or a schema cannot be
         *     compiled. The message names the tool, the component and the way out
         */
        public MCPTool build() {
            if (description.isBlank()) {
                throw new IllegalStateException("Tool '" + name + "' needs a description: agents choose tools by it.");
            }
            if (handler == null) {
                throw new IllegalStateException("Tool '" + name + "' needs a handler.");
            }
            try {
                return new MCPTool(this, handler);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Tool '" + name + "': " + e.getMessage(), e);
            }
        }

        private ObjectNode inputSchema() {
            return inputSchema == null ? Schemas.forArguments(argumentType) : inputSchema;
        }

        private @Nullable ObjectNode outputSchema() {
            return outputSchema == null && resultType != null ? Schemas.forResult(resultType) : outputSchema;
        }
    }
}
