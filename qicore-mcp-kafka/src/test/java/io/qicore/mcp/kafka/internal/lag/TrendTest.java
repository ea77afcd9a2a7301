package io.qicore.mcp.kafka.internal.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.kafka.internal.lag.LagSample.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TrendTest {

    private static final int SERIES = LagSample.hash("p");

    private final List<String> warnings = new ArrayList<>();
    private final LagSampleCodec codec = new LagSampleCodec(List.of("0123456789abcdef".getBytes()));

    @Test
    void groupThatCatchesUp_hasRatesAndATimeUntilTheLagIsGone() {
        Trend trend = trend(true, Point.of(100, 1_000), Point.of(600, 700));

        assertThat(trend.seconds()).isEqualTo(10);
        assertThat(trend.consumeRate()).isEqualTo(50);
        assertThat(trend.produceRate()).isEqualTo(20);
        assertThat(trend.drainSeconds()).isEqualTo(24);
        assertThat(trend.verdict()).isEqualTo(BurrowStatus.OK);
    }

    @Test
    void groupThatFallsBehind_neverDrains() {
        Trend trend = trend(true, Point.of(100, 1_000), Point.of(200, 1_500));

        assertThat(trend.drainSeconds()).isNull();
        assertThat(trend.verdict()).isEqualTo(BurrowStatus.WARN);
    }

    @Test
    void offsetThatDoesNotMove_isAStallWithMembersAndAStopWithout() {
        assertThat(trend(true, Point.of(100, 10), Point.of(100, 20)).verdict()).isEqualTo(BurrowStatus.STALL);
        assertThat(trend(false, Point.of(100, 10), Point.of(100, 20)).verdict()).isEqualTo(BurrowStatus.STOP);
        assertThat(trend(false, Point.of(100, 0), Point.of(100, 0)).verdict()).isEqualTo(BurrowStatus.OK);
    }

    @Test
    void offsetThatWentBackward_isARewindUntilItReturns() {
        assertThat(trend(true, Point.of(100, 10), Point.of(50, 60)).verdict()).isEqualTo(BurrowStatus.REWIND);
        assertThat(trend(true, Point.of(100, 10), Point.of(50, 60), Point.of(100, 20))
                        .verdict())
                .isEqualTo(BurrowStatus.OK);
    }

    @Test
    void oneMoment_hasNoTrend() {
        assertThat(trend(true, Point.of(1, 1))).isNull();
        assertThat(trend(true, Point.UNKNOWN, Point.of(1, 1))).isNull();
    }

    @Test
    void samplesTooLargeToJoin_areStillCompared() {
        List<PartitionLag> before = new ArrayList<>();
        List<PartitionLag> after = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            before.add(row(i, 100, 100));
            after.add(row(i, 150, 150));
        }
        String sample = take("s", null, 0, before).sample();

        Trend trend = take("s", sample, 10_000, after).groups().get(0).trend();

        assertThat(trend.consumeRate()).isEqualTo(250);
        assertThat(trend.produceRate()).isEqualTo(500);
        assertThat(trend.verdict()).isEqualTo(BurrowStatus.WARN);
        assertThat(warnings).isEmpty();
    }

    @Test
    void sampleOfAnotherCallOrKey_isIgnoredWithAWarning() {
        String sample = take("one", null, 0, List.of(row(0, 1, 1))).sample();

        assertThat(take("two", sample, 1_000, List.of(row(0, 2, 1)))
                        .groups()
                        .get(0)
                        .trend())
                .isNull();
        assertThat(warnings).singleElement().asString().contains("another topic or group");
        warnings.clear();

        var sampled = take("one", sample.replace(sample.charAt(9), '_'), 1_000, List.of(row(0, 2, 1)));
        assertThat(sampled.groups().get(0).trend()).isNull();
        assertThat(sampled.sample()).isNotNull();
        assertThat(warnings).singleElement().asString().contains("KAFKA_MCP_STATE_KEY");
    }

    private LagSampler.Sampled take(String scope, String handedBack, long now, List<PartitionLag> rows) {
        var group = GroupLag.of("g", "Stable", null, rows);
        return new LagSampler(codec, scope, handedBack, now, warnings::add).take(List.of(group), 0);
    }

    private static PartitionLag row(int partition, long committed, long lag) {
        return PartitionLag.of(new TopicPartition("t", partition), committed, null, committed + lag, lag, true, null);
    }

    private static Trend trend(boolean running, Point... points) {
        Optional<LagSample> sample = Optional.empty();
        for (int i = 0; i < points.length; i++) {
            LagSample now = LagSample.of("s", i * 10_000L, Map.of(SERIES, points[i]));
            sample = Optional.of(sample.map(now::after).orElse(now));
        }
        return Trend.of(sample.orElseThrow(), List.of(SERIES), running);
    }
}
