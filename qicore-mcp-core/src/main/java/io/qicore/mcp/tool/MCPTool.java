package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.tool.Timeouts;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One tool of an MCP server: its name, what an agent reads about it, its schemas and its handler.
 *
 * <p>Schemas come from records, once, when the tool is built; the validator is compiled then, too.
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

    /** The longest timeout of a tool or a server: 24 hours. */
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

    /** The handler behind its argument reader, so that the tool itself needs no type parameters. */
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
        this.inputSchema = builder.inputSchema;
        this.outputSchema = builder.outputSchema;
        ArgumentReader<A> reader = new ArgumentReader<>(name, inputSchema, builder.argumentType);
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

    /**
     * A tool whose schemas are generated from two records.
     *
     * @param name 1 to 128 letters, digits, {@code _}, {@code -} or {@code .}; by convention {@code snake_case} verbs
     * @param arguments record of the arguments; its components are the schema's properties
     * @param result record of the result
     * @throws IllegalArgumentException if the name is not allowed or a type has no schema
     */
    public static <A, R> Builder<A, R> builder(String name, Class<A> arguments, Class<R> result) {
        return new Builder<>(name, arguments, Schemas.forArguments(arguments), Schemas.forResult(result));
    }

    /**
     * A tool whose input schema is written by hand, and whose result may be anything that is JSON.
     *
     * @param inputSchema a JSON Schema 2020-12 with {@code type: object} at its root; copied
     * @throws IllegalArgumentException if the name or the schema is not allowed
     */
    public static Builder<ObjectNode, Object> builder(String name, JsonNode inputSchema) {
        return new Builder<>(name, ObjectNode.class, Schemas.checked(inputSchema), null);
    }

    /** The name that clients call it by. */
    public String name() {
        return name;
    }

    /** A short name for people, or null. */
    public @Nullable String title() {
        return title;
    }

    /** What it does, for the model that chooses among tools. */
    public String description() {
        return description;
    }

    /** What it does to its environment. */
    public ToolAnnotations annotations() {
        return annotations;
    }

    /** JSON Schema of the arguments. A copy. */
    public ObjectNode inputSchema() {
        return inputSchema.deepCopy();
    }

    /** JSON Schema of the result, or null if it can be anything. A copy. */
    public @Nullable ObjectNode outputSchema() {
        return outputSchema == null ? null : outputSchema.deepCopy();
    }

    /** Whether only clients that can follow tasks may call it. */
    public boolean requiresTask() {
        return requiresTask;
    }

    /** Returns how long a call of this tool may take, or null if the server's call timeout applies. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    /**
     * Returns the same tool with another timeout.
     *
     * @throws IllegalArgumentException if it is not positive or longer than {@link #MAX_TIMEOUT}
     */
    public MCPTool withTimeout(Duration newTimeout) {
        return new MCPTool(this, Timeouts.checked("timeout of '" + name + "'", newTimeout));
    }

    /** Whether {@link #outputSchema()} says what the result looks like. */
    public boolean hasOutputSchema() {
        return outputSchema != null;
    }

    /**
     * Checks the arguments and runs the handler on the calling thread. This is what the engine does for
     * {@code tools/call}, without deadline and without the wire; tests should prefer {@code MCPClient.inProcess}.
     *
     * @return what the handler returned, completed on return unless the handler is asynchronous. It fails with
     *     {@link MCPToolError} if the arguments do not fit the schema, or with what the handler threw.
     */
    public CompletionStage<ToolResult> callAsync(ObjectNode arguments, RequestContext context) {
        try {
            Object result = boundHandler.invoke(arguments, context);
            return result instanceof CompletionStage<?> stage
                    ? stage.thenApply(MCPTool::asResult)
                    : CompletableFuture.completedFuture(asResult(result));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
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
     * The same, waiting for the result.
     *
     * @return the structured result as JSON; null if it has none
     * @throws MCPToolError if the arguments do not fit the schema, or from the handler
     * @throws Exception from the handler
     */
    public JsonNode call(ObjectNode arguments, RequestContext context) throws Exception {
        try {
            ToolResult result =
                    callAsync(arguments, context).toCompletableFuture().get();
            return Json.MAPPER.valueToTree(
                    result instanceof ToolResult.Complete complete ? complete.structured() : result);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * Checks a result against the output schema, if there is one.
     *
     * @throws IllegalStateException if the handler broke its promise
     */
    public void checkResult(JsonNode structured) {
        if (resultValidator == null) {
            return;
        }
        Set<ValidationMessage> faults = resultValidator.validate(structured);
        if (!faults.isEmpty()) {
            throw new IllegalStateException("The result of " + name + " does not fit its output schema: "
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
     * @param <A> the arguments
     * @param <R> the result
     */
    public static final class Builder<A, R> {

        private final String name;
        private final Class<A> argumentType;
        private final ObjectNode inputSchema;
        private @Nullable ObjectNode outputSchema;
        private @Nullable String title;
        private String description = "";
        private ToolAnnotations annotations = ToolAnnotations.destructive();
        private boolean requiresTask;
        private @Nullable Duration timeout;
        private @Nullable ToolHandler<A, ?> handler;

        private Builder(String name, Class<A> argumentType, ObjectNode inputSchema, @Nullable ObjectNode outputSchema) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("Tool name '" + name
                        + "' is not allowed: 1 to 128 ASCII letters, digits, '_', '-' or '.' are (MCP 2026-07-28).");
            }
            this.name = name;
            this.argumentType = argumentType;
            this.inputSchema = inputSchema;
            this.outputSchema = outputSchema;
        }

        /** A short name for people. Default: none. */
        public Builder<A, R> title(String title) {
            this.title = Objects.requireNonNull(title);
            return this;
        }

        /** What the tool does, for the model that chooses among tools. Required. */
        public Builder<A, R> description(String description) {
            this.description = Objects.requireNonNull(description);
            return this;
        }

        /** What the tool does to its environment. Default: the most careful, {@link ToolAnnotations#destructive()}. */
        public Builder<A, R> annotations(ToolAnnotations annotations) {
            this.annotations = Objects.requireNonNull(annotations);
            return this;
        }

        /**
         * Lets only clients call the tool that can follow tasks, for work that takes longer than any call may. The server
         * needs a {@link io.qicore.mcp.task.TaskStore}.
         */
        public Builder<A, R> requiresTask() {
            this.requiresTask = true;
            return this;
        }

        /**
         * Sets how long a call of this tool may take, instead of the server's call timeout. Default: the server's.
         *
         * @throws IllegalArgumentException if it is not positive or longer than {@link #MAX_TIMEOUT}
         */
        public Builder<A, R> timeout(Duration timeout) {
            this.timeout = Timeouts.checked("timeout of '" + name + "'", timeout);
            return this;
        }

        /** JSON Schema of the result, for a tool whose schemas are written by hand. */
        public Builder<A, R> outputSchema(JsonNode schema) {
            this.outputSchema = Schemas.checked(schema);
            return this;
        }

        /** What does the work. Required, unless there is an {@link #asyncHandler}. */
        public Builder<A, R> handler(ToolHandler<A, R> handler) {
            this.handler = Objects.requireNonNull(handler);
            return this;
        }

        /** What does the work and may answer with content or ask the client first, instead of {@link #handler}. */
        public Builder<A, R> resultHandler(ToolHandler<A, ToolResult> handler) {
            this.handler = Objects.requireNonNull(handler);
            return this;
        }

        /** What does the work without holding a thread, instead of {@link #handler}. */
        public Builder<A, R> asyncHandler(ToolHandler<A, ? extends CompletionStage<R>> handler) {
            this.handler = Objects.requireNonNull(handler);
            return this;
        }

        /**
         * The finished tool.
         *
         * @throws IllegalStateException if description or handler is missing
         */
        public MCPTool build() {
            if (description.isBlank()) {
                throw new IllegalStateException("Tool '" + name + "' needs a description: agents choose tools by it.");
            }
            if (handler == null) {
                throw new IllegalStateException("Tool '" + name + "' needs a handler.");
            }
            return new MCPTool(this, handler);
        }
    }
}
