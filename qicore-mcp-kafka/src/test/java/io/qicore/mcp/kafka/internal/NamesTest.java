package io.qicore.mcp.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {

    private static final List<String> NAMES = List.of("billing", "new-orders", "orders", "orders-dlq");

    @Test
    void namesThatBeginSo_goBeforeThoseThatContainIt() {
        assertThat(Names.fitting("ord", NAMES)).containsExactly("orders", "orders-dlq", "new-orders");
        assertThat(Names.fitting("ORDERS-", NAMES)).containsExactly("orders-dlq");
        assertThat(Names.fitting("", NAMES)).isEqualTo(NAMES);
        assertThat(Names.fitting("x", NAMES)).isEmpty();
    }
}
