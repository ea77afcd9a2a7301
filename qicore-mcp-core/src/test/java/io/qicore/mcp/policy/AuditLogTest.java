package io.qicore.mcp.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.access.CallOutcome;
import io.qicore.mcp.engine.access.InterceptedCall;
import io.qicore.mcp.internal.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditLogTest {

    private final List<AuditEvent> events = new ArrayList<>();
    private final AuditLog audit = AuditLog.to(events::add);

    private void after(String method, String params, CallOutcome outcome) throws Exception {
        audit.after(
                new InterceptedCall(Caller.of("alice"), method, null, (com.fasterxml.jackson.databind.node.ObjectNode)
                        Json.MAPPER.readTree(params)),
                outcome,
                Duration.ofMillis(3));
    }

    @Test
    void calls_areRecordedWithAHashOfTheirArguments() throws Exception {
        after("tools/call", "{\"name\": \"t\", \"arguments\": {\"a\": 1, \"b\": \"secret\"}}", CallOutcome.SUCCEEDED);
        after("tools/call", "{\"name\": \"t\", \"arguments\": {\"b\": \"secret\", \"a\": 1}}", CallOutcome.TOOL_FAILED);
        after("tools/call", "{\"name\": \"t\", \"arguments\": {}}", CallOutcome.DENIED);
        after("resources/read", "{\"uri\": \"kafka://x\"}", CallOutcome.FAILED);

        assertThat(events).extracting(AuditEvent::target).containsExactly("t", "t", "t", "kafka://x");
        assertThat(events.get(0).argumentDigest())
                .hasSize(64)
                .isEqualTo(events.get(1).argumentDigest());
        assertThat(events.get(2).argumentDigest()).isNull();
        assertThat(events.toString()).doesNotContain("secret");
    }

    @Test
    void lists_areRecordedOnlyIfDenied() throws Exception {
        after("tools/list", "{}", CallOutcome.SUCCEEDED);
        after("ping", "{}", CallOutcome.SUCCEEDED);
        assertThat(events).isEmpty();
        after("tools/list", "{}", CallOutcome.DENIED);
        assertThat(events).hasSize(1);
    }
}
