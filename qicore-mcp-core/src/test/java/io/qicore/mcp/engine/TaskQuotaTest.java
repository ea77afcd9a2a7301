package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.task.InMemoryTaskStore;
import io.qicore.mcp.task.Task;
import io.qicore.mcp.task.TaskStatus;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskQuotaTest {

    private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");

    private final InMemoryTaskStore store = new InMemoryTaskStore(10, 3, 20_000, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void callerAboveTheQuota_isBusy_andOthersAreNot() {
        for (int i = 0; i < 3; i++) {
            store.create(task("a" + i, "alice"));
        }
        assertThatExceptionOfType(MCPToolError.class)
                .isThrownBy(() -> store.create(task("a3", "alice")))
                .satisfies(error -> assertThat(error.code()).isEqualTo("BUSY"))
                .satisfies(error -> assertThat(error.retryable()).isTrue())
                .withMessageContaining("of this caller");
        store.create(task("b", "bob"));
        for (int i = 0; i < 6; i++) {
            store.create(task("n" + i, null));
        }
        assertThatExceptionOfType(MCPToolError.class)
                .isThrownBy(() -> store.create(task("n", null)))
                .satisfies(error -> assertThat(error.code()).isEqualTo("BUSY"));
    }

    @Test
    void resultAboveTheBytes_isBusy_butASmallEndIsTaken() {
        store.create(task("a", null));
        store.create(task("b", null));
        assertThat(store.update(completed("a", 15_000, 2))).isTrue();
        assertThatExceptionOfType(MCPToolError.class)
                .isThrownBy(() -> store.update(completed("b", 15_000, 2)))
                .satisfies(error -> assertThat(error.code()).isEqualTo("BUSY"));
        assertThat(store.update(completed("b", 10, 2))).isTrue();
        assertThat(store.update(completed("b", 10, 2))).isFalse();
    }

    private static Task task(String id, @Nullable String caller) {
        return new Task(
                id,
                caller,
                TaskStatus.WORKING,
                null,
                NOW,
                NOW,
                Duration.ofHours(1),
                null,
                Json.object(),
                null,
                null,
                1);
    }

    private static Task completed(String id, int size, long version) {
        return new Task(
                id,
                null,
                TaskStatus.COMPLETED,
                null,
                NOW,
                NOW,
                Duration.ofHours(1),
                null,
                Json.object(),
                Json.object().put("text", "x".repeat(size)),
                null,
                version);
    }
}
