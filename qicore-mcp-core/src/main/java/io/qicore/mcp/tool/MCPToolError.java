package io.qicore.mcp.tool;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failure that the calling agent should see and can act on. A handler throws it; the engine turns it into a tool
 * result with {@code isError: true} and {@code {code, message, context, retryable}}; {@code MCPClient} turns that back
 * into an {@code MCPToolError}.
 *
 * <p>The message and the context reach the agent as they are: name the offending thing and the way out, and put nothing
 * secret in. The {@linkplain #getCause() cause} goes to the server's log only and never crosses the wire.
 *
 * <pre>{@code
 * throw new MCPToolError("PRODUCER_NOT_FOUND", "No producer 'btc'. Running: eth, sol.", Map.of("sourceId", "btc"));
 * }</pre>
 *
 * <p>Immutable and thread-safe, as far as the values in its context are.
 */
public final class MCPToolError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String code;
    private final boolean retryable;
    private final transient Map<String, Object> context;

    /** An error of a catalogued kind, without context. */
    public MCPToolError(ErrorCode code, String message) {
        this(code, message, Map.of());
    }

    /** An error of a catalogued kind. */
    public MCPToolError(ErrorCode code, String message, Map<String, ?> context) {
        this(code, message, context, null);
    }

    /** An error of a catalogued kind with the failure behind it, which is logged and not sent. */
    public MCPToolError(ErrorCode code, String message, Map<String, ?> context, @Nullable Throwable cause) {
        this(code.name(), message, context, code.retryable(), cause);
    }

    /** An application's own error that a retry does not cure, without context. */
    public MCPToolError(String code, String message) {
        this(code, message, Map.of());
    }

    /** An application's own error that a retry does not cure. */
    public MCPToolError(String code, String message, Map<String, ?> context) {
        this(code, message, context, false, null);
    }

    /**
     * An error with all its parts.
     *
     * @param code kind of failure in {@code UPPER_SNAKE_CASE}
     * @param message one or two sentences for the agent
     * @param context values that help to act, serialisable as JSON; copied
     * @param retryable whether the same call may succeed later
     * @param cause the failure behind it; logged, not sent
     */
    public MCPToolError(
            String code, String message, Map<String, ?> context, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        if (code.isBlank()) {
            throw new IllegalArgumentException("code must not be blank");
        }
        this.code = code;
        this.retryable = retryable;
        this.context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
    }

    /** The kind of failure, for example {@code TOPIC_NOT_FOUND}. */
    public String code() {
        return code;
    }

    /** Whether this is an error of the given kind. */
    public boolean is(ErrorCode other) {
        return code.equals(other.name());
    }

    /** Values that help to act, never null. */
    public Map<String, Object> context() {
        // Java serialisation drops the context: its values need not be serialisable.
        return context == null ? Map.of() : context;
    }

    /** Whether the same call may succeed later without any change to its arguments. */
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
