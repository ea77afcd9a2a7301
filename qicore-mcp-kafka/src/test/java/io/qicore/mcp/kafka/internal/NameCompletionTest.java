package io.qicore.mcp.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NameCompletionTest {

    private static final List<String> NAMES = List.of("billing", "new-orders", "orders", "orders-dlq");

    @Test
    void namesThatBeginSo_goBeforeThoseThatContainIt() {
        assertThat(NameCompletion.matching("ord", NAMES)).containsExactly("orders", "orders-dlq", "new-orders");
        assertThat(NameCompletion.matching("ORDERS-", NAMES)).containsExactly("orders-dlq");
        assertThat(NameCompletion.matching("", NAMES)).isEqualTo(NAMES);
        assertThat(NameCompletion.matching("x", NAMES)).isEmpty();
    }
}
