package io.qicore.mcp.kafka.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SendLogTest {

    private static final Instant START = Instant.parse("2026-11-22T09:00:00Z");

    private Instant now = START;
    private final SendLog sends = new SendLog(new Clock() {
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
    });

    @Test
    void recordThatWaits_stallsAfterAWhile_sinceItWaits() {
        after(10);
        sends.sending("BTC");
        after(2);
        sends.sending("BTC");
        assertThat(sends.stalledSince()).isNull();

        after(1);
        assertThat(sends.stalledSince()).isEqualTo(START.plusSeconds(10));
        assertThat(sends.metrics().stalledSince()).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void idleProducer_isNotStalled() {
        sends.sending("BTC");
        sends.sent("BTC", 1);
        after(3600);

        assertThat(sends.stalledSince()).isNull();
    }

    @Test
    void acknowledgement_endsTheStall_alsoIfOthersWait() {
        sends.sending("BTC");
        sends.sending("BTC");
        after(5);
        sends.sent("BTC", 1);
        assertThat(sends.stalledSince()).isNull();

        after(3);
        assertThat(sends.stalledSince()).isEqualTo(START.plusSeconds(5));
    }

    @Test
    void acknowledgementsOfOneKey_doNotHideThatAnotherWaits() {
        sends.sending("BTC");
        for (int second = 0; second < 10; second++) {
            sends.sending("ETH");
            sends.sent("ETH", 1);
            after(1);
        }

        assertThat(sends.stalledSince()).isEqualTo(START);
    }

    @Test
    void recordsThatKafkaGivesUp_areNoSignOfLife() {
        sends.sending("BTC");
        after(120);
        sends.failed("BTC", "TimeoutException");
        sends.sending("BTC");

        assertThat(sends.stalledSince()).isEqualTo(START);
    }

    @Test
    void endedProducer_isNotStalled() {
        sends.sending("BTC");
        after(5);
        sends.ended();

        assertThat(sends.stalledSince()).isNull();
    }

    private void after(int seconds) {
        now = now.plus(Duration.ofSeconds(seconds));
    }
}
