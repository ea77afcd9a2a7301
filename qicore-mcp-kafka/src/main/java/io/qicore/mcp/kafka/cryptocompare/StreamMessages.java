package io.qicore.mcp.kafka.cryptocompare;

import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Collects the messages of a WebSocket for one thread that takes them. While many wait to be taken, no more are requested, so that
 * the service must wait.
 */
final class StreamMessages implements WebSocket.Listener {

    private static final int MAX_WAITING = 1_000;
    private static final int MAX_CHARACTERS = 64 * 1024;

    private sealed interface Event {}

    private record Text(String text) implements Event {}

    private record Ended(IOException reason) implements Event {}

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final StringBuilder parts = new StringBuilder();
    private volatile @Nullable WebSocket socket;
    private volatile boolean awaitsPong;
    private @Nullable Ended ended;

    /** Sends a ping. If that fails, no pong comes. */
    void ping(WebSocket open) {
        awaitsPong = true;
        open.sendPing(ByteBuffer.allocate(0));
    }

    /** Tells whether the last ping is not answered yet. */
    boolean awaitsPong() {
        return awaitsPong;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
        awaitsPong = false;
        from.request(1);
        return null;
    }

    /** Returns the next message, or null if there is none in time; fails after the last one. */
    @Nullable
    String poll(Duration timeout) throws IOException, InterruptedException {
        if (ended != null) {
            throw ended.reason();
        }
        Event event = events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (event instanceof Ended last) {
            ended = last;
            throw last.reason();
        }
        WebSocket open = socket;
        if (event != null && open != null && events.size() == MAX_WAITING - 1) {
            open.request(1);
        }
        return event instanceof Text message ? message.text() : null;
    }

    @Override
    public void onOpen(WebSocket opened) {
        socket = opened;
        opened.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        if (parts.length() + data.length() > MAX_CHARACTERS) {
            end(new IOException("CryptoCompare's stream sent a message that is too large"));
            from.abort();
            return null;
        }
        parts.append(data);
        if (last) {
            events.add(new Text(parts.toString()));
            parts.setLength(0);
        }
        if (!last || events.size() < MAX_WAITING) {
            from.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        end(new IOException("CryptoCompare's stream sent a binary message"));
        from.abort();
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        end(new IOException("CryptoCompare's stream was closed with code " + code));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        end(new IOException("CryptoCompare's stream has failed", failure));
    }

    private void end(IOException reason) {
        events.add(new Ended(reason));
    }
}
