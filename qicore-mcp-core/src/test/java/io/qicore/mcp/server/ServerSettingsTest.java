package io.qicore.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qicore.mcp.task.InMemoryTaskStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {

    @Test
    void timeouts_mustBePositiveAndAtMostADay() {
        List<BiConsumer<ServerSettings.Builder, Duration>> setters = List.of(
                ServerSettings.Builder::callTimeout,
                ServerSettings.Builder::inputTimeout,
                ServerSettings.Builder::drainTimeout,
                (builder, timeout) -> builder.toolTimeout("echo", timeout),
                (builder, timeout) -> builder.toolTimeouts(Map.of("echo", timeout)));
        for (BiConsumer<ServerSettings.Builder, Duration> setter : setters) {
            for (Duration wrong :
                    List.of(Duration.ZERO, Duration.ofMillis(-1), ServerSettings.MAX_TIMEOUT.plusMillis(1))) {
                assertThatIllegalArgumentException().isThrownBy(() -> setter.accept(ServerSettings.builder(), wrong));
            }
            setter.accept(ServerSettings.builder(), ServerSettings.MAX_TIMEOUT);
        }
    }

    @Test
    void limits_mustBePositive() {
        ServerSettings.Builder builder = ServerSettings.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxConcurrentCalls(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxSubscriptions(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.pageSize(0));
    }

    @Test
    void stateKey_mustBeLongAndIsNeitherSharedNorShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerSettings.builder().stateKey(new byte[31]))
                .withMessageContaining("32");
        byte[] key = new byte[32];
        ServerSettings settings = ServerSettings.builder().stateKey(key).build();
        key[0] = 1;
        settings.stateKey().orElseThrow()[1] = 1;
        assertThat(settings.stateKey().orElseThrow()).containsOnly(0);
        assertThat(settings.toString()).contains("stateKey=set").doesNotContain("[0");
        assertThat(ServerSettings.defaults().toString()).contains("stateKey=random");
    }

    @Test
    void toBuilder_keepsEverything() {
        ServerSettings settings = ServerSettings.builder()
                .callTimeout(Duration.ofSeconds(1))
                .toolTimeout("query", Duration.ofSeconds(2))
                .inputTimeout(Duration.ofSeconds(3))
                .drainTimeout(Duration.ofSeconds(4))
                .maxConcurrentCalls(5)
                .maxSubscriptions(6)
                .pageSize(7)
                .stateKey(new byte[32])
                .taskStore(new InMemoryTaskStore())
                .build();
        assertThat(settings.toBuilder().build()).usingRecursiveComparison().isEqualTo(settings);
    }
}
