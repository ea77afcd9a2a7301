package io.qicore.mcp.internal.client.stdio;

import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.internal.client.channel.Arrival;
import io.qicore.mcp.internal.client.channel.Channel;
import io.qicore.mcp.internal.client.channel.Exchange;
import io.qicore.mcp.internal.client.channel.Inbox;
import io.qicore.mcp.internal.client.channel.Outgoing;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogLimit;
import io.qicore.mcp.internal.log.LogText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child process with one message in each line. It is started by the first message, and by the next one after it has ended. */
public final class StdioChannel implements Channel {

    private static final Logger log = LoggerFactory.getLogger(StdioChannel.class);

    private final LogLimit warnings = new LogLimit(20);

    private final StdioEndpoint endpoint;
    private volatile @Nullable Inbox inbox;
    // Guarded by this.
    private @Nullable ChildProcess child;
    private boolean closed;
    /** Written under the lock; read without it, because a process that is waited for under the lock may be ending. */
    private volatile int starts;

    /** Creates the channel to a program that has not been started. */
    public StdioChannel(StdioEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void open(Inbox receiver) {
        inbox = receiver;
    }

    @Override
    public Exchange send(Outgoing message) {
        CompletableFuture<Void> written;
        try {
            written = child().write(Json.bytes(message.message()));
        } catch (IOException e) {
            written = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Void> delivered = written;
        Long request = message.requestId();
        delivered.whenComplete((nothing, failure) -> {
            if (failure != null && request != null) {
                inbox().failed(
                                request,
                                new MCPConnectionException(
                                        "Cannot send to " + endpoint + ": " + LogText.of(failure.getMessage()) + ".",
                                        failure));
            }
        });
        return new Exchange() {
            @Override
            public CompletableFuture<?> delivered() {
                return delivered;
            }

            @Override
            public void end() {}
        };
    }

    private synchronized ChildProcess child() throws IOException {
        if (closed) {
            throw new IOException("the client is closed");
        }
        if (child == null || !child.isAlive()) {
            if (child != null) {
                child.discard();
            }
            int start = starts + 1;
            starts = start;
            child = ChildProcess.start(endpoint, this::received, why -> ended(start, why));
        }
        return child;
    }

    private void ended(int start, String why) {
        if (start != starts) {
            // Requests in flight are with the process that was started after it.
            return;
        }
        inbox().lost(new MCPConnectionException(endpoint + " does not answer: " + why + ".", null));
    }

    private void received(byte[] line) {
        try {
            inbox().received(Arrival.of(Json.read(line), null));
        } catch (IOException e) {
            // Programs print banners. The line may have been a damaged message, too, whose request then runs into its
            // timeout.
            if (warnings.allows()) {
                log.warn(
                        "{} wrote a line that is not JSON: {}",
                        endpoint,
                        LogText.of(new String(line, 0, Math.min(line.length, 200), StandardCharsets.UTF_8)));
            }
        }
    }

    @Override
    public boolean isCancelledByEnding() {
        return false;
    }

    @Override
    public boolean isSilentAboutUnknownMethods() {
        return true;
    }

    @Override
    public void close() {
        ChildProcess last;
        synchronized (this) {
            closed = true;
            last = child;
        }
        if (last != null) {
            last.stop();
        }
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }

    private Inbox inbox() {
        return Objects.requireNonNull(inbox, "open() has not been called");
    }
}
