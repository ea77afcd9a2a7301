package io.qicore.mcp.kafka.internal.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.kafka.internal.lag.BurrowRules.Commit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases of Burrow's own test of its rules (core/internal/evaluator/caching_test.go), and some that it lacks. */
class BurrowRulesTest {

    @ParameterizedTest
    @CsvSource({
        "1000 2000 3000 4000 5000, 0 50 100 150 200, 5200, 200, 600, OK",
        "1000 2000 3000 4000 5000, 0 50 100 150 200, 5200, 200, 900, OK",
        "1000 2000 3000 4000 5000, 0 50 100 150 200, 5200, 200, 1000, STOP",
        "1000 2000 3000 4000 5000, 50 100 150 200 250, 5250, 250, 1000, STOP",
        "1000 1000 1000 1000 1000, 0 50 100 150 200, 1200, 200, 600, OK",
        "1000 1000 1000 1000 1000, 100 150 200 250 300, 1300, 300, 600, STALL",
        "1000 1000 1000 1000 1000, 100 100 100 100 100, 1100, 100, 600, STALL",
        "1000 2000 3000 2000 4000, 100 150 200 1250 300, 4300, 300, 600, OK",
        "1000 2000 3000 2000 2500, 100 150 200 1250 900, 3400, 900, 600, REWIND",
        "1000 2000 3000 4000 5000, 50 50 100 100 101, 5101, 101, 600, WARN",
        "1000 2000 3000 4000 5000, 50 60 59 100 101, 5101, 101, 600, OK",
        "1000 2000 3000 4000 5000, 50 ? 60 ? 101, 5101, 101, 600, WARN",
        "1000 2000 3000 4000 5000, 50 60 70 80 0, 5000, 0, 9000, OK",
        "1000 2000 3000 4000 5000, 0 50 100 150 200, 5000, 200, 1000, OK"
    })
    void vector(String offsets, String lags, long end, long lag, long nowSeconds, BurrowStatus expected) {
        List<Commit> window = new ArrayList<>();
        String[] offset = offsets.split(" ");
        String[] before = lags.split(" ");
        for (int i = 0; i < offset.length; i++) {
            window.add(new Commit(
                    Long.parseLong(offset[i]),
                    (i + 1) * 100_000L,
                    before[i].equals("?") ? null : Long.valueOf(before[i])));
        }

        assertThat(BurrowRules.judge(window, List.of(end), lag, nowSeconds * 1000, 0))
                .isEqualTo(expected);
    }

    @Test
    void allowedLag_isOk() {
        var window = List.of(new Commit(10, 0, 1L), new Commit(20, 1_000, 2L));

        assertThat(BurrowRules.judge(window, List.of(22L), 2, 1_000, 0)).isEqualTo(BurrowStatus.WARN);
        assertThat(BurrowRules.judge(window, List.of(22L), 2, 1_000, 2)).isEqualTo(BurrowStatus.OK);
    }

    @Test
    void emptyWindow_isOk() {
        assertThat(BurrowRules.judge(List.of(), List.of(), 99, 0, 0)).isEqualTo(BurrowStatus.OK);
    }
}
