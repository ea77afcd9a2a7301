package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosestNameTest {

    private static final List<String> KNOWN = List.of("prices", "orders", "consumer_offsets");

    @ParameterizedTest
    @CsvSource({
        "price, prices",
        "PRICES, prices",
        "order, orders",
        "oders, orders",
        "consumer-ofsets, consumer_offsets",
        "consumers, ",
        "x, ",
        "payments, "
    })
    void to_findsWhatWasMeantOrNothing(String name, String meant) {
        assertThat(ClosestName.to(name, KNOWN).orElse(null)).isEqualTo(meant);
    }

    @Test
    void to_findsNothingNearAnEndlessName() {
        assertThat(ClosestName.to("prices".repeat(100_000), KNOWN)).isEmpty();
        assertThat(ClosestName.to("prices", List.of())).isEmpty();
    }
}
