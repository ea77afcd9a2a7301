package io.qicore.mcp.kafka.producer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.kafka.producer.local.InFlight.Sent;
import io.qicore.mcp.kafka.source.SourcePosition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class InFlightTest {

    private static final Instant START = Instant.parse("2026-11-22T09:00:00Z");

    private Instant now = START;
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };
    private final SendLog log = new SendLog(SourcePosition.START, clock);
    private final InFlight inFlight = new InFlight(log, clock);

    @Test
    void position_advancesOnlyOverRecordsThatAreAllAcknowledged() {
        Sent first = send(1);
        Sent second = send(2);
        Sent third = send(3);

        inFlight.acknowledged(second);
        assertThat(log.position()).isEqualTo(SourcePosition.START);
        assertThat(log.sent()).isEqualTo(1);

        inFlight.acknowledged(first);
        assertThat(log.position()).isEqualTo(position(2));

        inFlight.acknowledged(third);
        assertThat(log.position()).isEqualTo(position(3));
        assertThat(inFlight.size()).isZero();
    }

    @Test
    void recordsWithoutAPosition_moveTheNextOneOnly() {
        Sent first = send(1);
        Sent second = inFlight.add(null, 1);
        Sent third = send(3);
        inFlight.acknowledged(first);
        inFlight.acknowledged(second);
        assertThat(log.position()).isEqualTo(position(1));
        assertThat(inFlight.size()).isEqualTo(1);

        inFlight.acknowledged(third);
        assertThat(log.position()).isEqualTo(position(3));
    }

    @Test
    void recordThatWaits_stallsAfterAWhile_sinceItWaits() {
        after(10);
        send(1);
        after(2);
        send(2);
        assertThat(inFlight.stalledSince()).isNull();

        after(1);
        assertThat(inFlight.stalledSince()).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void idleProducer_isNotStalled() {
        inFlight.acknowledged(send(1));
        after(3600);

        assertThat(inFlight.stalledSince()).isNull();
    }

    @Test
    void acknowledgementOfTheOldest_endsTheStall_alsoIfOthersWait() {
        Sent first = send(1);
        send(2);
        after(5);
        inFlight.acknowledged(first);
        assertThat(inFlight.stalledSince()).isNull();

        after(3);
        assertThat(inFlight.stalledSince()).isEqualTo(START.plusSeconds(5));
    }

    @Test
    void acknowledgementsOfOthers_doNotHideThatTheOldestWaits() {
        send(1);
        for (int second = 0; second < 10; second++) {
            inFlight.acknowledged(send(2 + second));
            after(1);
        }

        assertThat(inFlight.stalledSince()).isEqualTo(START);
    }

    @Test
    void room_isBoundedByRecords() throws Exception {
        Sent first = send(1);
        for (int i = 2; i <= InFlight.MAX_RECORDS; i++) {
            send(i);
        }
        assertThat(inFlight.awaitRoom(1, Duration.ofMillis(1))).isFalse();

        inFlight.acknowledged(first);
        assertThat(inFlight.awaitRoom(1, Duration.ZERO)).isTrue();
    }

    @Test
    void room_isBoundedByBytes_butOneRecordAlwaysFits() throws Exception {
        int large = (int) InFlight.MAX_BYTES + 1;
        assertThat(inFlight.awaitRoom(large, Duration.ZERO)).isTrue();
        Sent sent = inFlight.add(position(1), large);
        assertThat(inFlight.awaitRoom(1, Duration.ofMillis(1))).isFalse();

        inFlight.acknowledged(sent);
        assertThat(inFlight.awaitRoom(1, Duration.ZERO)).isTrue();
    }

    @Test
    void failure_endsEveryWait() {
        send(1);
        var failure = new IllegalStateException("no");
        assertThat(inFlight.failed(failure)).isTrue();
        assertThat(inFlight.failed(new IllegalStateException("aborted"))).isFalse();

        assertThatThrownBy(() -> inFlight.awaitNone(Duration.ofSeconds(5))).isSameAs(failure);
        assertThatThrownBy(() -> inFlight.awaitRoom(1, Duration.ofSeconds(5))).isSameAs(failure);
        assertThatThrownBy(inFlight::throwFailure).isSameAs(failure);
    }

    @Test
    void rate_isThatOfTheLastTenSeconds_andOnAverageAfterTheEnd() {
        for (int second = 0; second < 30; second++) {
            inFlight.acknowledged(send(second));
            inFlight.acknowledged(send(second));
            after(1);
        }
        // The current second has just begun, and the nine before it had two records each.
        assertThat(rate()).isEqualTo(2);

        after(20);
        assertThat(rate()).isZero();

        after(10);
        log.ended();
        assertThat(rate()).isEqualTo(1);
    }

    private double rate() {
        return log.metrics(0, 0, null, null).recordsPerSecond();
    }

    private Sent send(int number) {
        return inFlight.add(position(number), 1);
    }

    private static SourcePosition position(int number) {
        return SourcePosition.of("number", number);
    }

    private void after(int seconds) {
        now = now.plus(Duration.ofSeconds(seconds));
    }
}
