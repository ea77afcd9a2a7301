package io.qicore.mcp.kafka.internal.lag;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagAlarmTest {

    private final LagAlarm alarm = new LagAlarm(100);

    @Test
    void firstLag_onlySetsTheState() {
        assertThat(alarm.judged()).isFalse();
        assertThat(alarm.judge(500, true)).isFalse();
        assertThat(alarm.judged()).isTrue();
        assertThat(alarm.judge(10, true)).isTrue();
    }

    @Test
    void lag_risesAboveTheThreshold_andFallsAtFourFifthsOfIt() {
        alarm.judge(100, true);
        assertThat(alarm.judge(101, true)).isTrue();
        assertThat(alarm.judge(81, true)).isFalse();
        assertThat(alarm.judge(101, true)).isFalse();
        assertThat(alarm.judge(80, true)).isTrue();
        assertThat(alarm.judge(100, true)).isFalse();
    }

    @Test
    void incompleteLag_canRiseButNotFall() {
        assertThat(alarm.judge(0, false)).isFalse();
        assertThat(alarm.judged()).isFalse();
        alarm.judge(0, true);
        assertThat(alarm.judge(101, false)).isTrue();
        assertThat(alarm.judge(0, false)).isFalse();
        assertThat(alarm.judge(0, true)).isTrue();
    }

    @Test
    void thresholdOfZero_isCrossedByOneRecord() {
        LagAlarm any = new LagAlarm(0);
        any.judge(0, true);
        assertThat(any.judge(1, true)).isTrue();
        assertThat(any.judge(0, true)).isTrue();
    }
}
