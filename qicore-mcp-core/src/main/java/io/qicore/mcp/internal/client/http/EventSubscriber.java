package io.qicore.mcp.internal.client.http;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads the body of an HTTP answer as events while it arrives. Reads on only after an event has been received. */
final class EventSubscriber implements HttpResponse.BodySubscriber<byte[]> {

    private static final byte[] NOTHING = {};

    private final EventParser parser;
    private final CompletableFuture<byte[]> end = new CompletableFuture<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean cancelled;

    EventSubscriber(EventParser parser) {
        this.parser = parser;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        if (cancelled) {
            begun.cancel();
        } else {
            begun.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        Flow.Subscription current = subscription;
        try {
            for (ByteBuffer buffer : buffers) {
                if (cancelled) {
                    return;
                }
                parser.feed(buffer);
            }
            if (current != null) {
                current.request(1);
            }
        } catch (IOException | RuntimeException e) {
            end.completeExceptionally(e);
            cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        end.complete(NOTHING);
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return end;
    }

    /** Stops reading, which closes the exchange. */
    void cancel() {
        cancelled = true;
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
        end.complete(NOTHING);
    }
}
