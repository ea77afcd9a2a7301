package io.qicore.mcp.kafka.producer;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.producer.local.TestRuntime;
import io.qicore.mcp.kafka.producer.runtime.ProducerMetrics;
import io.qicore.mcp.kafka.producer.runtime.ProducerRuntime;
import io.qicore.mcp.kafka.producer.runtime.ProducerState;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopyLoopsTest {

    @Test
    void circleOfAnyLength_isRefused() {
        assertThatThrownBy(() -> CopyLoops.requireNone(copy("a", "b"), List.of(running("b", "a"))))
                .hasMessageContaining("'topic' must not be 'b': other producers copy it to 'a'");
        assertThatThrownBy(() -> CopyLoops.requireNone(
                        copy("a", "b"), List.of(running("c", "d"), running("d", "a"), running("b", "c"))))
                .hasMessageContaining("copy it to 'a'");
    }

    @Test
    void copiesWithoutACircle_areAllowed() {
        assertThatCode(() -> CopyLoops.requireNone(
                        copy("a", "b"),
                        List.of(running("a", "c"), running("b", "c"), running("c", "d"), running("x", "x2"))))
                .doesNotThrowAnyException();
        assertThatCode(() -> CopyLoops.requireNone(copy("a", "b"), List.of(copying("b", "a", ProducerState.STOPPED))))
                .doesNotThrowAnyException();
        // The search ends although others go round already.
        assertThatCode(() -> CopyLoops.requireNone(copy("a", "b"), List.of(running("b", "c"), running("c", "b"))))
                .doesNotThrowAnyException();
    }

    @Test
    void producerThatWasStartedBesideAnother_isStoppedIfTheyMakeACircle() throws Exception {
        ProducerRuntime runtime = mock();
        ProducerStatus started = running("a", "b");
        when(runtime.status(any())).thenReturn(List.of(started, running("b", "c")));
        CopyLoops.stopIfAny(runtime, started, Duration.ofSeconds(1));
        verify(runtime, never()).stop(any(), any());

        when(runtime.status(any())).thenReturn(List.of(started, running("b", "a")));
        assertThatThrownBy(() -> CopyLoops.stopIfAny(runtime, started, Duration.ofSeconds(1)))
                .hasMessageContaining("copy it to 'a'");
        verify(runtime).stop("ab", Duration.ofSeconds(1));
    }

    @Test
    void producerThatRuns_isNotStopped_becauseOthersCannotBeListed() throws Exception {
        ProducerRuntime runtime = mock();
        MCPToolError away = new MCPToolError(KafkaErrorCode.CONNECT_UNAVAILABLE, "away");
        when(runtime.status(any())).thenThrow(away);
        assertThatThrownBy(() -> CopyLoops.stopIfAny(runtime, running("a", "b"), Duration.ofSeconds(1)))
                .isSameAs(away);
        verify(runtime, never()).stop(any(), any());
    }

    private static SourceSpec copy(String from, String to) {
        return SourceTypes.discover()
                .read(
                        TestRuntime.config("{'type':'kafka-topic','sourceTopic':'" + from + "','topic':'" + to + "'}"),
                        "t");
    }

    private static ProducerStatus running(String from, String to) {
        return copying(from, to, ProducerState.PAUSED);
    }

    private static ProducerStatus copying(String from, String to, ProducerState state) {
        var metrics = new ProducerMetrics(null, null, null, null, null, null, null, null, null, null, null, null);
        return new ProducerStatus(from + to, state, "kafka-topic", to, List.of(from), SourcePosition.START, metrics);
    }
}
