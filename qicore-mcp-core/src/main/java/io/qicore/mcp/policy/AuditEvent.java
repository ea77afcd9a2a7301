package io.qicore.mcp.policy;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.access.CallOutcome;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request, after it has ended.
 *
 * @param caller who has called
 * @param method the method of MCP, such as {@code tools/call}
 * @param target the name of the tool or prompt, or the URI of the resource, as the client has given it; null if the method has
 *     none
 * @param argumentDigest the SHA-256 hash of the arguments in hexadecimal digits, by which equal arguments can be found without
 *     recording them; null if there are none
 * @param outcome how the request ended
 * @param took how long it took
 */
public record AuditEvent(
        Caller caller,
        String method,
        @Nullable String target,
        @Nullable String argumentDigest,
        CallOutcome outcome,
        Duration took) {

    /** Requires what every event has. */
    public AuditEvent {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(took, "took");
    }
}
