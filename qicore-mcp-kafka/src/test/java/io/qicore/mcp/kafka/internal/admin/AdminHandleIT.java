package io.qicore.mcp.kafka.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** The server's own Admin while no broker is there. */
class AdminHandleIT {

    private final KafkaConnection connection = KafkaConnection.to("localhost:1");

    @Test
    void ownAdmin_canBeOpenedAgainAfterClose() {
        var handle = new AdminHandle(connection, KafkaPolicy.defaults());
        var context = Calls.within(Duration.ofSeconds(1));
        handle.open();
        var first = handle.session(context).admin();
        handle.open();
        assertThat(handle.session(context).admin()).isSameAs(first);

        handle.close();
        handle.close();
        assertThatThrownBy(() -> handle.session(context)).isInstanceOf(IllegalStateException.class);

        handle.open();
        assertThat(handle.session(context).admin()).isNotSameAs(first);
        handle.close();
    }

    @Test
    void ownAdmin_isCreatedWithoutABroker() {
        var handle = new AdminHandle(connection, KafkaPolicy.defaults());
        handle.open();
        try {
            var kafka = handle.session(Calls.within(Duration.ofMillis(400)));
            assertThatThrownBy(() -> Topics.names(kafka, false)).isInstanceOfSatisfying(MCPToolError.class, error -> {
                assertThat(error.is(KafkaErrorCode.BROKER_UNAVAILABLE)).isTrue();
                assertThat(error.getMessage()).startsWith("Kafka at localhost:1 did not answer");
            });
        } finally {
            handle.close();
        }
    }

    @Test
    void unknownHost_failsCallsAndNotTheStart() {
        var handle = new AdminHandle(KafkaConnection.to("broker.invalid:9092"), KafkaPolicy.defaults());
        handle.open();
        try {
            assertThatThrownBy(() -> handle.session(Calls.within(Duration.ofSeconds(5))))
                    .isInstanceOfSatisfying(MCPToolError.class, error -> {
                        assertThat(error.is(KafkaErrorCode.BROKER_UNAVAILABLE)).isTrue();
                        assertThat(error.getMessage()).contains("broker.invalid:9092", "can be resolved");
                    });
        } finally {
            handle.close();
        }
        assertThatThrownBy(() -> handle.session(Calls.within(Duration.ofSeconds(5))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void wrongProperty_failsTheStart() {
        for (var wrong : Map.of("security.protocol", "SASL_PLAINTEXT", "bootstrap.servers", "localhost")
                .entrySet()) {
            var handle = new AdminHandle(
                    new KafkaConnection(connection.with(Map.of(wrong.getKey(), wrong.getValue()))),
                    KafkaPolicy.defaults());
            assertThatThrownBy(handle::open).isInstanceOf(KafkaException.class);
        }
    }
}
