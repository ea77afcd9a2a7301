package io.qicore.mcp.kafka.internal.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnknownNameTest {

    @Test
    void misspeltName_getsTheNearest() {
        var error = error("ordrs", List.of("payments", "orders"));

        assertThat(error).startsWith("There is no topic 'ordrs'").endsWith("Did you mean 'orders'?");
    }

    @Test
    void shortName_getsThoseThatContainIt() {
        assertThat(UnknownName.nearest(
                        "orders", List.of("shop.orders.v2", "shop.orders.v1", "payments", "x.ORDERS.y.z")))
                .containsExactly("shop.orders.v1", "shop.orders.v2", "x.ORDERS.y.z");
    }

    @Test
    void nothingNear_listsTheNamesIfTheyAreFew() {
        assertThat(error("zzzzzz", List.of("b", "a"))).endsWith("Existing topics: a, b.");
        assertThat(error("zzzzzz", IntStream.range(0, 11).mapToObj(i -> "t" + i).toList()))
                .endsWith("is not authorized to see it.");
        assertThat(error("zzzzzz", List.of())).endsWith("is not authorized to see it.");
    }

    private static String error(String name, List<String> known) {
        return UnknownName.error(KafkaErrorCode.TOPIC_NOT_FOUND, "topic", "topic", name, known, null)
                .getMessage();
    }
}
