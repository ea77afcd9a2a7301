package io.qicore.mcp.kafka.internal.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.kafka.internal.lag.LagSample.Point;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LagSampleCodecTest {

    private static final byte[] KEY = "0123456789abcdef".getBytes();

    private final LagSampleCodec codec = new LagSampleCodec(List.of(KEY));

    @Test
    void writtenSample_isReadBack() {
        LagSample first = LagSample.of(
                "scope", 1_000_000, Map.of(LagSample.hash("a"), Point.of(0, 7), LagSample.hash("b"), Point.UNKNOWN));
        LagSample sample = LagSample.of(
                        "scope",
                        1_005_000,
                        Map.of(
                                LagSample.hash("a"),
                                Point.of(Long.MAX_VALUE / 2, 0),
                                LagSample.hash("c"),
                                Point.of(1, 2)))
                .after(first);

        assertThat(codec.read(codec.write(sample))).contains(sample);
        assertThat(sample.timesMs()).containsExactly(1_000_000L, 1_005_000L);
        assertThat(sample.points(LagSample.hash("c"))).containsExactly(Point.UNKNOWN, Point.of(1, 2));
    }

    @Test
    void replicasThatShareAStateKey_readEachOthersSamples() {
        byte[] stateKey = "0123456789abcdef0123456789abcdef".getBytes();
        LagSample sample = LagSample.of("s", 1_000, points(2, 1, 1));
        String written =
                LagSampleCodec.withStateKeys(Optional.of(stateKey), List.of()).write(sample);

        assertThat(LagSampleCodec.withStateKeys(Optional.of(stateKey), List.of())
                        .read(written))
                .contains(sample);
        assertThat(LagSampleCodec.withStateKeys(Optional.empty(), List.of()).read(written))
                .isEmpty();
        assertThat(new LagSampleCodec(List.of(stateKey)).read(written))
                .as("the state key itself signs nothing")
                .isEmpty();
    }

    @Test
    void acceptedStateKey_readsSamplesButSignsNone() {
        byte[] old = "0123456789abcdef0123456789abcdef".getBytes();
        byte[] current = "fedcba9876543210fedcba9876543210".getBytes();
        LagSample sample = LagSample.of("s", 1_000, points(2, 1, 1));
        var before = LagSampleCodec.withStateKeys(Optional.of(old), List.of());
        var rotated = LagSampleCodec.withStateKeys(Optional.of(current), List.of(old));

        assertThat(rotated.read(before.write(sample))).contains(sample);
        assertThat(before.read(rotated.write(sample))).isEmpty();
    }

    @Test
    void serversWithoutAStateKey_haveDifferentKeys() {
        var one = LagSampleCodec.withStateKeys(Optional.empty(), List.of());
        var other = LagSampleCodec.withStateKeys(Optional.empty(), List.of());
        LagSample sample = LagSample.of("s", 1_000, points(2, 1, 1));

        assertThat(one.read(one.write(sample))).contains(sample);
        assertThat(other.read(one.write(sample))).isEmpty();
    }

    @Test
    void sampleOfFiftyPartitions_isShort() {
        assertThat(codec.write(LagSample.of("s", System.currentTimeMillis(), points(50, 5_000_000, 20_000))))
                .hasSizeLessThan(1_000);
    }

    @Test
    void largestSample_fits() {
        LagSample sample =
                LagSample.of("s", Long.MAX_VALUE, points(LagSample.MAX_POINTS, Long.MAX_VALUE - 1, Long.MAX_VALUE));

        assertThat(codec.read(codec.write(sample))).contains(sample);
    }

    @Test
    void window_isLimitedToTenMomentsAndToItsPoints() {
        LagSample few = LagSample.of("s", 0, points(2, 1, 1));
        LagSample many = LagSample.of("s", 0, points(40, 1, 1));
        for (int i = 1; i < 30; i++) {
            few = LagSample.of("s", i, points(2, 1, 1)).after(few);
            many = LagSample.of("s", i, points(40, 1, 1)).after(many);
        }

        assertThat(few.timesMs()).hasSize(LagSample.MAX_MOMENTS).endsWith(28L, 29L);
        assertThat(many.timesMs()).containsExactly(29L);
    }

    @Test
    void everyChangedByte_isRefused() {
        String text = codec.write(LagSample.of("s", 1_000, points(3, 100, 10)));
        for (int i = 0; i < text.length() - 1; i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(codec.read(text.substring(0, i) + other + text.substring(i + 1)))
                    .as("character " + i)
                    .isEmpty();
        }
    }

    @Test
    void anotherKeyOrOtherText_isNotRead() {
        String text = codec.write(LagSample.of("s", 1_000, points(3, 100, 10)));

        assertThat(new LagSampleCodec(List.of("fedcba9876543210".getBytes())).read(text))
                .isEmpty();
        assertThat(codec.read("")).isEmpty();
        assertThat(codec.read("not base64!")).isEmpty();
        assertThat(codec.read("AAAA")).isEmpty();
        assertThat(codec.read("A".repeat(100_000))).isEmpty();
        byte[] noise = new byte[200];
        new Random(7).nextBytes(noise);
        assertThat(codec.read(Base64.getUrlEncoder().encodeToString(noise))).isEmpty();
    }

    @Test
    void partitionsOfSimilarTopics_haveDifferentHashes() {
        Set<Integer> hashes = new HashSet<>();
        for (int topic = 0; topic < 100; topic++) {
            for (int partition = 0; partition < 100; partition++) {
                hashes.add(LagSample.hash("orders-" + topic, partition));
            }
        }

        assertThat(hashes).hasSize(10_000);
    }

    private static Map<Integer, Point> points(int count, long committed, long lag) {
        Map<Integer, Point> points = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            points.put(LagSample.hash("topic/" + i), Point.of(committed, lag));
        }
        return points;
    }
}
