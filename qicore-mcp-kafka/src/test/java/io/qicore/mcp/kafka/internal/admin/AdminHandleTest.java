package io.qicore.mcp.kafka.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.kafka.access.KafkaConnection;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminHandleTest {

    private final KafkaConnection connection = KafkaConnection.to("localhost:1");

    @Test
    void timeouts_areBoundedByDefault() {
        assertThat(AdminHandle.properties(connection))
                .containsEntry("default.api.timeout.ms", 10_000)
                .containsEntry("request.timeout.ms", 5_000)
                .containsEntry("bootstrap.servers", "localhost:1");
    }

    @Test
    void timeoutsOfTheUser_winAndMoveTheOtherOne() {
        var shortApi = new KafkaConnection(connection.with(Map.of("default.api.timeout.ms", "3000")));
        assertThat(AdminHandle.properties(shortApi))
                .containsEntry("default.api.timeout.ms", "3000")
                .containsEntry("request.timeout.ms", 3_000);

        var longRequest = new KafkaConnection(connection.with(Map.of("request.timeout.ms", 30_000)));
        assertThat(AdminHandle.properties(longRequest))
                .containsEntry("request.timeout.ms", 30_000)
                .containsEntry("default.api.timeout.ms", 30_000);
    }

    @Test
    void timeoutThatIsNoNumber_isNamed() {
        var wrong = new KafkaConnection(connection.with(Map.of("request.timeout.ms", "5s")));

        assertThatThrownBy(() -> AdminHandle.properties(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("request.timeout.ms")
                .hasMessageContaining("5s");
    }
}
