package io.qicore.mcp.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.engine.access.CallInterceptor;
import io.qicore.mcp.engine.access.CallOutcome;
import io.qicore.mcp.engine.access.InterceptedCall;
import io.qicore.mcp.internal.json.Fingerprint;
import io.qicore.mcp.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records each request that uses something: calls of tools, reads of resources, prompts, completions, subscriptions and tasks.
 * Lists and pings are not recorded unless they are denied. Arguments, which may contain secrets, are recorded as a hash only. Thread-safe if the sink is.
 */
public final class AuditLog implements CallInterceptor {

    private static final Set<String> ONLY_IF_DENIED = Set.of(
            "ping",
            "initialize",
            "server/discover",
            "logging/setLevel",
            "tools/list",
            "prompts/list",
            "resources/list",
            "resources/templates/list",
            "skills/list");

    private final AuditSink sink;

    private AuditLog(AuditSink sink) {
        this.sink = sink;
    }

    /** Returns an interceptor that records to a sink. */
    public static AuditLog to(AuditSink sink) {
        return new AuditLog(Objects.requireNonNull(sink, "sink"));
    }

    @Override
    public void after(InterceptedCall call, CallOutcome outcome, Duration took) {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(took, "took");
        if (outcome != CallOutcome.DENIED && ONLY_IF_DENIED.contains(call.method())) {
            return;
        }
        JsonNode arguments = call.params().get("arguments");
        sink.record(new AuditEvent(
                call.caller(),
                call.method(),
                target(call),
                arguments == null || arguments.isEmpty() ? null : digest(arguments),
                outcome,
                took));
    }

    private static @Nullable String target(InterceptedCall call) {
        for (String member : new String[] {"name", "uri", "taskId"}) {
            JsonNode value = call.params().get(member);
            if (value != null && value.isTextual()) {
                return value.textValue();
            }
        }
        return null;
    }

    private static String digest(JsonNode arguments) {
        return HexFormat.of()
                .formatHex(Fingerprint.sha256(Json.canonical(arguments).getBytes(StandardCharsets.UTF_8)));
    }
}
