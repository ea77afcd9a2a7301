package io.qicore.mcp.internal.engine.call;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.engine.rpc.Watches;
import io.qicore.mcp.tool.LogLevel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is kept for one connection between messages: which calls are in flight, so that {@code notifications/cancelled} can
 * name one, what a client of an older revision settled once for all, and which resources are watched for it. Thread-safe.
 */
public final class ConnectionState implements ClientConnection {

    /** How many resources it may subscribe to. */
    public static final int MAX_WATCHED = 1_000;

    private final Map<JsonNode, CallControl> inFlight = new ConcurrentHashMap<>();
    // Guarded by itself.
    private final Map<String, AutoCloseable> watched = new HashMap<>();
    private boolean closed;

    private final @Nullable ReplySink unsolicited;
    private volatile @Nullable Handshake handshake;
    private volatile LogLevel logLevel = LogLevel.INFO;

    /** A connection that carries nothing but what belongs to a call. */
    public ConnectionState() {
        this(null);
    }

    /**
     * A connection that can carry notifications at any time.
     *
     * @param unsolicited takes them, or null if it cannot
     */
    public ConnectionState(@Nullable ReplySink unsolicited) {
        this.unsolicited = unsolicited;
    }

    /**
     * The connection that a message came on, or null if its transport keeps none.
     *
     * @throws IllegalArgumentException if an application has made it itself
     */
    public static @Nullable ConnectionState of(CallMetadata metadata) {
        ClientConnection connection = metadata.connection();
        if (connection == null || connection instanceof ConnectionState) {
            return (ConnectionState) connection;
        }
        throw new IllegalArgumentException("A connection is made by MCPEngine.newConnection.");
    }

    @Override
    public void closed() {
        List<AutoCloseable> watches;
        synchronized (watched) {
            closed = true;
            watches = List.copyOf(watched.values());
            watched.clear();
        }
        watches.forEach(Watches::close);
    }

    /** False if a call with this id is in flight already. */
    public boolean begin(JsonNode id, CallControl control) {
        return inFlight.putIfAbsent(id, control) == null;
    }

    public void end(JsonNode id) {
        inFlight.remove(id);
    }

    public void cancel(JsonNode id) {
        CallControl control = inFlight.get(id);
        if (control != null) {
            control.cancel("cancelled by the client");
        }
    }

    public void initialized(Handshake settled) {
        handshake = settled;
    }

    public Optional<Handshake> handshake() {
        return Optional.ofNullable(handshake);
    }

    public void setLogLevel(LogLevel level) {
        logLevel = level;
    }

    public LogLevel logLevel() {
        return logLevel;
    }

    /** Where notifications go that belong to no call, if anywhere. */
    public Optional<ReplySink> unsolicited() {
        return Optional.ofNullable(unsolicited);
    }

    /** Whether the client may subscribe to a resource, beside those to which it has. */
    public boolean canWatch(String uri) {
        synchronized (watched) {
            return watched.size() < MAX_WATCHED || watched.containsKey(uri);
        }
    }

    /** Keeps what watches a resource for the client, until {@link #unwatch} or {@link #closed}. */
    public void watch(String uri, AutoCloseable watch) {
        AutoCloseable obsolete;
        synchronized (watched) {
            obsolete = closed ? watch : watched.put(uri, watch);
        }
        if (obsolete != null) {
            Watches.close(obsolete);
        }
    }

    public void unwatch(String uri) {
        AutoCloseable watch;
        synchronized (watched) {
            watch = watched.remove(uri);
        }
        if (watch != null) {
            Watches.close(watch);
        }
    }
}
