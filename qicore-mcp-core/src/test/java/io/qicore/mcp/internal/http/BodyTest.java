package io.qicore.mcp.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.auth.HttpAccess;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyTest {

    private static final int MAX = 100_000;

    private final ByteBudget budget = new ByteBudget(1 << 20);
    private final List<String> complete = new ArrayList<>();
    private final FakeExchange exchange = new FakeExchange();

    @Test
    void parts_becomeOneBody_whetherItsLengthIsKnownOrNot() {
        for (long length : new long[] {-1, 6}) {
            exchange.length = length;
            read(Duration.ofMinutes(1));
            assertThat(exchange.body().add(bytes("abc"))).isTrue();
            assertThat(exchange.body().add(bytes("def"))).isTrue();
            exchange.body().end();
        }
        assertThat(complete).containsExactly("abcdef", "abcdef");
        assertThat(exchange.sent()).isEmpty();
    }

    @Test
    void announcedLength_isTakenFromTheBudgetBeforeAnythingIsRead() {
        exchange.length = 90_000;
        for (int i = 0; i < 8; i++) {
            read(Duration.ofMinutes(1));
            assertThat(exchange.sent()).isEmpty();
        }
        read(Duration.ofMinutes(1));
        assertThat(exchange.status).isEqualTo(503);
        assertThat(exchange.headers).containsEntry("Retry-After", "1").containsEntry("Connection", "close");
        assertThat(complete).isEmpty();
    }

    @Test
    void bodyWithoutALength_isTakenFromTheBudgetAsItGrows() {
        ByteBudget.Share others = budget.share();
        assertThat(others.grow(700 << 10)).isTrue();
        read(Duration.ofMinutes(1));
        Body body = exchange.body();
        int parts = 0;
        while (body.add(ByteBuffer.allocate(8_000))) {
            parts++;
        }
        assertThat(parts).isPositive();
        assertThat(exchange.status).isEqualTo(503);
        assertThat(budget.used()).isEqualTo(700 << 10);
        body.end();
        assertThat(complete).isEmpty();
    }

    @Test
    void bodyThatIsTooLong_isRefused() {
        read(Duration.ofMinutes(1));
        Body body = exchange.body();
        assertThat(body.add(ByteBuffer.allocate(MAX))).isTrue();
        assertThat(body.add(ByteBuffer.allocate(1))).isFalse();
        assertThat(exchange.status).isEqualTo(413);
        assertThat(budget.used()).isZero();
    }

    @Test
    void manySmallValues_weighMoreThanTheirBytes() {
        exchange.length = MAX;
        read(Duration.ofMinutes(1));
        assertThat(exchange.body().add(bytes("[" + "{},".repeat((MAX - 1) / 3))))
                .isTrue();
        exchange.body().end();
        // 66,667 braces and commas need 3 MB.
        assertThat(exchange.status).isEqualTo(413);
        assertThat(exchange.sent()).contains("too many values");
        assertThat(budget.used()).isZero();
    }

    @Test
    void clientThatDribbles_isRefused() throws Exception {
        exchange.length = 1_000;
        read(Duration.ofNanos(1));
        Thread.sleep(20);
        assertThat(exchange.body().add(bytes("a"))).isFalse();
        assertThat(exchange.status).isEqualTo(408);
    }

    @Test
    void bodyThatFails_isRefusedOnce() {
        exchange.length = 1_000;
        read(Duration.ofMinutes(1));
        Body body = exchange.body();
        assertThat(body.add(ByteBuffer.allocate(900))).isTrue();
        body.fail();
        assertThat(exchange.status).isEqualTo(408);
        String sent = exchange.sent();
        body.fail();
        body.end();
        assertThat(body.add(bytes("more"))).isFalse();
        assertThat(exchange.sent()).isEqualTo(sent);
        assertThat(budget.used()).isZero();
        assertThat(complete).isEmpty();
    }

    private void read(Duration timeout) {
        Body.read(
                exchange,
                new Admission(HttpAccess.defaults(), MAX),
                new Transfers(budget, timeout, 1_000_000),
                budget.share(),
                body -> complete.add(new String(body, StandardCharsets.UTF_8)));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
