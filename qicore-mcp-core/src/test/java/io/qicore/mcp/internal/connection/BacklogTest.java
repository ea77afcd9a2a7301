package io.qicore.mcp.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.Gate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BacklogTest {

    private final Backlog backlog = new Backlog(2, 100);

    @Test
    void messagesAboveTheLimit_wait() throws Exception {
        backlog.begin(1);
        backlog.begin(1);
        assertThat(backlog.tryBegin(1)).isFalse();
        CompletableFuture<Void> third = begin(1);
        assertThat(third).isNotDone();
        backlog.end(1);
        third.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void bytesAboveTheLimit_wait_butASingleMessageMayHaveMore() throws Exception {
        backlog.begin(1_000);
        assertThat(backlog.tryBegin(1)).isFalse();
        backlog.end(1_000);
        assertThat(backlog.tryBegin(60)).isTrue();
        assertThat(backlog.tryBegin(60)).isFalse();
        assertThat(backlog.tryBegin(40)).isTrue();
    }

    private CompletableFuture<Void> begin(int size) {
        return CompletableFuture.runAsync(() -> {
            try {
                backlog.begin(size);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
