package io.qicore.mcp.tool;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure that the calling agent should see and can act on. Handlers throw it. The engine converts it to a tool
 * result with {@code isError: true} and {@code {code, message, context, retryable}}, and {@code MCPClient} converts
 * that result back to an {@code MCPToolError}.
 *
 * <p>The message and the context are sent to the agent unchanged. Name what is wrong and how to correct it, and do not
 * include secrets. The {@linkplain #getCause() cause} is only logged by the server and never sent.
 *
 * <pre>{@code
 * throw new MCPToolError("PRODUCER_NOT_FOUND", "No producer 'btc'. Running: eth, sol.", Map.of("sourceId", "btc"));
 * }</pre>
 *
 * <p>Immutable and thread-safe, provided that the values in the context are.
 */
public final class MCPToolError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String code;
    private final boolean retryable;
    private final transient Map<String, Object> context;

    /** Creates an error with a predefined code and without context. */
    public MCPToolError(ErrorCode code, String message) {
        this(code, message, Map.of());
    }

    /** Creates an error with a predefined code. */
    public MCPToolError(ErrorCode code, String message, Map<String, ?> context) {
        this(code, message, context, null);
    }

    /** Creates an error with a predefined code and the failure that caused it, which is logged but not sent. */
    public MCPToolError(ErrorCode code, String message, Map<String, ?> context, @Nullable Throwable cause) {
        this(code.name(), message, context, code.retryable(), cause);
    }

    /** Creates an error with a code of the application and without context; it is not retryable. */
    public MCPToolError(String code, String message) {
        this(code, message, Map.of());
    }

    /** Creates an error with a code of the application; it is not retryable. */
    public MCPToolError(String code, String message, Map<String, ?> context) {
        this(code, message, context, false, null);
    }

    /**
     * Creates an error.
     *
     * @param code the kind of failure, in {@code UPPER_SNAKE_CASE}
     * @param message one or two sentences for the agent
     * @param context values that help the agent to react, which can be written as JSON; the map is copied
     * @param retryable whether the same call may succeed later with the same arguments
     * @param cause the failure that caused this one, which is logged but not sent, or null
     * @throws IllegalArgumentException if the code is blank
     */
    public MCPToolError(
            String code, String message, Map<String, ?> context, boolean retryable, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(context, "context");
        if (code.isBlank()) {
            throw new IllegalArgumentException("The code of an MCPToolError must not be blank.");
        }
        this.code = code;
        this.retryable = retryable;
        this.context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
    }

    /** Returns the kind of failure, for example {@code TOPIC_NOT_FOUND}. */
    public String code() {
        return code;
    }

    /** Returns whether this error has the given code. */
    public boolean is(ErrorCode other) {
        return code.equals(other.name());
    }

    /** Returns values that help the agent to react; possibly empty. */
    public Map<String, Object> context() {
        // Null after Java deserialization: the field is transient, because its values may not be serializable.
        return context == null ? Map.of() : context;
    }

    /** Returns whether the same call may succeed later with the same arguments. */
    public boolean retryable() {
        return retryable;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    @Override
    public String toString() {
        return "MCPToolError[" + code + "]: " + getMessage();
    }
}
