package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.interaction.LogLevel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a transport with one client on one connection, such as stdio, keeps between messages: which calls are in flight,
 * so that {@code notifications/cancelled} can name one, and what a client of an older revision settled once for all. The
 * transport makes one for each connection; the engine itself keeps nothing. Thread-safe.
 */
public final class ClientConnection {

    /** How many resources it may subscribe to. */
    static final int MAX_WATCHED = 1_000;

    private final Map<JsonNode, CallControl> inFlight = new ConcurrentHashMap<>();
    // Guarded by itself.
    private final Map<String, AutoCloseable> watched = new HashMap<>();
    private boolean closed;

    private final @Nullable ReplySink unsolicited;
    private volatile @Nullable LegacySession session;
    private volatile LogLevel logLevel = LogLevel.INFO;

    /** A connection that carries nothing but what belongs to a call. */
    public ClientConnection() {
        this(null);
    }

    /**
     * A connection that can carry notifications at any time.
     *
     * @param unsolicited takes them, or null if it cannot
     */
    public ClientConnection(@Nullable ReplySink unsolicited) {
        this.unsolicited = unsolicited;
    }

    /** The client has gone: nothing is watched for it any more. */
    public void closed() {
        List<AutoCloseable> watches;
        synchronized (watched) {
            closed = true;
            watches = List.copyOf(watched.values());
            watched.clear();
        }
        watches.forEach(Subscriptions::close);
    }

    /** False if a call with this id is in flight already. */
    boolean begin(JsonNode id, CallControl control) {
        return inFlight.putIfAbsent(id, control) == null;
    }

    void end(JsonNode id) {
        inFlight.remove(id);
    }

    void cancel(JsonNode id) {
        CallControl control = inFlight.get(id);
        if (control != null) {
            control.cancel("cancelled by the client");
        }
    }

    void initialized(LegacySession settled) {
        session = settled;
    }

    Optional<LegacySession> session() {
        return Optional.ofNullable(session);
    }

    void setLogLevel(LogLevel level) {
        logLevel = level;
    }

    LogLevel logLevel() {
        return logLevel;
    }

    /** Where notifications go that belong to no call, if anywhere. */
    Optional<ReplySink> unsolicited() {
        return Optional.ofNullable(unsolicited);
    }

    /** Whether the client may subscribe to a resource, beside those to which it has. */
    boolean canWatch(String uri) {
        synchronized (watched) {
            return watched.size() < MAX_WATCHED || watched.containsKey(uri);
        }
    }

    /** Keeps what watches a resource for the client, until {@link #unwatch} or {@link #closed}. */
    void watch(String uri, AutoCloseable watch) {
        AutoCloseable obsolete;
        synchronized (watched) {
            obsolete = closed ? watch : watched.put(uri, watch);
        }
        if (obsolete != null) {
            Subscriptions.close(obsolete);
        }
    }

    void unwatch(String uri) {
        AutoCloseable watch;
        synchronized (watched) {
            watch = watched.remove(uri);
        }
        if (watch != null) {
            Subscriptions.close(watch);
        }
    }
}
