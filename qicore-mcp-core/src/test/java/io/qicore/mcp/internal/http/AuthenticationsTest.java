package io.qicore.mcp.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.auth.RequestHead;
import io.qicore.mcp.internal.header.Addresses;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class AuthenticationsTest {

    private static final ResourceMetadata NO_METADATA = new ResourceMetadata(HttpAuthenticator.NONE);

    private final FakeExchange exchange = new FakeExchange();
    private final List<Caller> served = new CopyOnWriteArrayList<>();

    private RequestHead head() {
        return new Head(exchange, HttpAccess.defaults(), new Addresses(List.of()));
    }

    @Test
    void authenticatorThatNeverDecides_isAnsweredForAndDoesNotServeLater() {
        CompletableFuture<Authentication> never = new CompletableFuture<>();
        new Authentications(request -> never, NO_METADATA, Duration.ofMillis(50))
                .authenticate(exchange, this::head, served::add);
        await().until(() -> exchange.sent().endsWith("|"));
        assertThat(exchange.sent()).contains("-31000", "cannot be checked");
        assertThat(exchange.headers).containsEntry("Retry-After", "1");
        never.complete(Caller.of("late"));
        assertThat(served).isEmpty();
        assertThat(exchange.sent()).containsOnlyOnce("|");
    }

    @Test
    void decisionThatIsShared_survivesTheTimeoutOfAnotherRequest() {
        CompletableFuture<Authentication> shared = new CompletableFuture<>();
        new Authentications(request -> shared, NO_METADATA, Duration.ofMillis(50))
                .authenticate(exchange, this::head, served::add);
        await().until(() -> exchange.sent().endsWith("|"));
        assertThat(shared).isNotDone();
        new Authentications(request -> shared, NO_METADATA, Duration.ofMinutes(1))
                .authenticate(new FakeExchange(), this::head, served::add);
        shared.complete(Caller.of("alice"));
        assertThat(served).containsExactly(Caller.of("alice"));
    }
}
