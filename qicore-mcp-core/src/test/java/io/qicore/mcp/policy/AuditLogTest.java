package io.qicore.mcp.policy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.access.CallOutcome;
import io.qicore.mcp.engine.access.InterceptedCall;
import io.qicore.mcp.internal.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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

    @Test
    void valueThatClientsChoose_cannotLookLikeOtherFields() {
        Logger log = (Logger) LoggerFactory.getLogger(AuditSink.LOGGER);
        Level before = log.getLevel();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        try {
            AuditSink sink = AuditSink.slf4j();
            for (String target :
                    List.of("t arguments=- outcome=SUCCEEDED", "a=b", "a\" b", "-", "a\nb", "a\u00a0b", "")) {
                sink.record(new AuditEvent(
                        Caller.of("alice outcome=DENIED").withIssuer("https://login.example.com"),
                        "tools/call",
                        target,
                        null,
                        CallOutcome.FAILED,
                        Duration.ofMillis(3)));
            }
            sink.record(new AuditEvent(
                    Caller.ANONYMOUS, "tools/call", "get_lag", "00ff", CallOutcome.SUCCEEDED, Duration.ofMillis(3)));
        } finally {
            log.detachAppender(lines);
            log.setLevel(before);
        }
        String begin = "caller=\"alice outcome=DENIED\" issuer=https://login.example.com method=tools/call target=";
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        begin + "\"t arguments=- outcome=SUCCEEDED\" arguments=- outcome=FAILED ms=3",
                        begin + "\"a=b\" arguments=- outcome=FAILED ms=3",
                        begin + "\"a\\\" b\" arguments=- outcome=FAILED ms=3",
                        begin + "\"-\" arguments=- outcome=FAILED ms=3",
                        begin + "\"a\\\\nb\" arguments=- outcome=FAILED ms=3",
                        begin + "\"a\u00a0b\" arguments=- outcome=FAILED ms=3",
                        begin + "\"\" arguments=- outcome=FAILED ms=3",
                        "caller=- issuer=- method=tools/call target=get_lag arguments=00ff outcome=SUCCEEDED ms=3");
    }
}
