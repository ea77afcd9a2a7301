package io.qicore.mcp.kafka.internal.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ResetTargetTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void everyForm_isRead() {
        assertThat(target(" latest ", null, null, null, null)).isEqualTo(new ResetTarget.OffsetName("latest"));
        assertThat(target(null, "2026-11-22T13:00:00+02:00", null, null, null))
                .isEqualTo(new ResetTarget.Time(Instant.parse("2026-11-22T11:00:00Z")));
        assertThat(target(null, null, "P1DT1H", null, null))
                .isEqualTo(new ResetTarget.Time(Instant.parse("2026-11-21T11:00:00Z")));
        assertThat(target(4711, null, null, null, null)).isEqualTo(new ResetTarget.OffsetName("4711"));
        assertThat(target(null, null, null, -5L, null)).isEqualTo(new ResetTarget.Shift(-5));
        assertThat(target(null, null, null, null, Map.of("t:3", 7L)))
                .isEqualTo(new ResetTarget.Offsets(Map.of(new TopicPartition("t", 3), 7L)));
    }

    @Test
    void timesOutsideTheRangeOfKafka_areLimitedToIt() {
        var epoch = new ResetTarget.Time(Instant.EPOCH);
        assertThat(target(null, "1969-12-31T23:59:59.999Z", null, null, null)).isEqualTo(epoch);
        assertThat(target(null, "-999999999-01-01T00:00:00Z", null, null, null)).isEqualTo(epoch);
        assertThat(target(null, null, "P36500D", null, null)).isEqualTo(epoch);
        assertThat(target(null, null, "PT9223372036854775807S", null, null)).isEqualTo(epoch);
        assertThat(target(null, "+999999999-12-31T23:59:59Z", null, null, null))
                .isEqualTo(new ResetTarget.Time(Instant.parse("9999-12-31T23:59:59Z")));
    }

    @Test
    void clearOffsetsAndTimes_areAcceptedInAnyForm() {
        var earliest = new ResetTarget.OffsetName("earliest");
        assertThat(target("EARLIEST", null, null, null, null)).isEqualTo(earliest);
        assertThat(target(" Earliest ", null, null, null, null)).isEqualTo(earliest);
        assertThat(target("30.0", null, null, null, null)).isEqualTo(new ResetTarget.OffsetName("30"));
        assertThat(target(null, "2026-11-22T15:00:00+0200", null, null, null))
                .isEqualTo(new ResetTarget.Time(Instant.parse("2026-11-22T13:00:00Z")));
    }

    @Test
    void anythingButExactlyOneValidTarget_isRefused() {
        assertRefused("exactly one", null, null, null, null, null);
        assertRefused("gave 2", "latest", null, null, 1L, null);
        assertRefused("with a time zone", null, "2026-11-22T13:00:00", null, null, null);
        assertRefused("PT2H", null, null, "2h", null, null);
        assertRefused("PT2H", null, null, "-PT2H", null, null);
        assertRefused("topic:partition", null, null, null, null, Map.of("orders", 1L));
        assertRefused("topic:partition", null, null, null, null, Map.of("orders:-1", 1L));
        assertRefused("empty", null, null, null, null, Map.of());
        assertRefused("t:0 more than once", null, null, null, null, Map.of("t:0", 1L, "t:00", 2L));
        assertRefused("leave out topic", null, null, null, null, Map.of("t:0", 1L, "other:0", 2L));
    }

    @Test
    void offsets_fitTheTopicAndThePartitionBesideThem() {
        assertThat(offsets(null, null)).isNotNull();
        assertThat(offsets("a:b", 3)).isEqualTo(offsets(null, null));
        assertThatThrownBy(() -> offsets("a:b", 2)).hasMessageContaining("'a:b:3' in offsets is not on");
        assertThatThrownBy(() -> offsets("a", 3)).hasMessageContaining("'a:b:3' in offsets is not on");
    }

    private static ResetTarget offsets(String topic, Integer partition) {
        return ResetTarget.of(
                new ResetConsumerOffsetTool.Arguments(
                        "g", topic, partition, null, null, null, null, Map.of("a:b:3", 7L), false, false, null),
                NOW);
    }

    private static void assertRefused(
            String said, String offset, String time, String duration, Long shift, Map<String, Long> offsets) {
        assertThatThrownBy(() -> target(offset, time, duration, shift, offsets))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.is(StandardErrorCode.INVALID_ARGUMENT))
                                .isTrue())
                .hasMessageContaining(said);
    }

    private static ResetTarget target(
            Object offset, String time, String duration, Long shift, Map<String, Long> offsets) {
        return ResetTarget.of(
                new ResetConsumerOffsetTool.Arguments(
                        "g", "t", null, offset, time, duration, shift, offsets, false, false, null),
                NOW);
    }
}
