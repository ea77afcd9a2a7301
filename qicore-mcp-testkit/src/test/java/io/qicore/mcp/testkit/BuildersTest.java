package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

/** Settings that the builders reject immediately, before anything is started. */
final class BuildersTest {

    @Test
    void kafkaClusterWithoutBrokers_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedKafka.builder().brokers(0))
                .withMessage("brokers must be at least 1, but is 0");
    }

    @Test
    void kafkaPropertyThatTheClusterSetsItself_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedKafka.builder().brokerProperty("listeners", "PLAINTEXT://:9092"))
                .withMessageContaining("listeners");
    }

    @Test
    void kafkaListenerWithAReservedOrInvalidName_isRefused() {
        for (String name : new String[] {"controller", "BROKER", "my listener"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EmbeddedKafka.builder().listener(name, SecurityProtocol.SASL_PLAINTEXT, Map.of()))
                    .withMessageContaining(name);
        }
    }

    @Test
    void postgresSettingWithWhiteSpace_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedPostgres.builder().setting("log_line_prefix", "%t %u"))
                .withMessageContaining("log_line_prefix");
    }

    @Test
    void postgresStartTimeoutOfZero_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedPostgres.builder().startTimeout(Duration.ZERO));
    }
}
