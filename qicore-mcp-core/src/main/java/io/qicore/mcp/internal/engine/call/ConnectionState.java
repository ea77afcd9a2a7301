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
 * The state of one connection between messages: the calls in flight, so that {@code notifications/cancelled} can name
 * one; the handshake of a client of an older revision; and the resources that are watched for the client. Thread-safe.
 */
public final class ConnectionState implements ClientConnection {

    /** The largest number of resources that a client may subscribe to. */
    public static final int MAX_WATCHED = 1_000;

    private final Map<JsonNode, CallControl> inFlight = new ConcurrentHashMap<>();
    // Guarded by itself.
    private final Map<String, AutoCloseable> watched = new HashMap<>();
    private boolean closed;

    private final @Nullable ReplySink unsolicited;
    private volatile @Nullable Handshake handshake;
    private volatile LogLevel logLevel = LogLevel.INFO;

    /** Creates the state of a connection that carries only messages that belong to a call. */
    public ConnectionState() {
        this(null);
    }

    /**
     * Creates the state of a connection that can carry notifications at any time.
     *
     * @param unsolicited takes them, or null if it cannot
     */
    public ConnectionState(@Nullable ReplySink unsolicited) {
        this.unsolicited = unsolicited;
    }

    /**
     * Returns the connection of a message, or null if its transport does not keep connections.
     *
     * @throws IllegalArgumentException if the connection was not created by {@code MCPEngine.newConnection}
     */
    public static @Nullable ConnectionState of(CallMetadata metadata) {
        ClientConnection connection = metadata.connection();
        if (connection == null || connection instanceof ConnectionState) {
            return (ConnectionState) connection;
        }
        throw new IllegalArgumentException("Connections must be created by MCPEngine.newConnection.");
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

    /** Adds a call. Returns false if a call with this id is in flight already. */
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

    /** Returns the sink for notifications that do not belong to a call, if the connection has one. */
    public Optional<ReplySink> unsolicited() {
        return Optional.ofNullable(unsolicited);
    }

    /** Returns whether the client may subscribe to one more resource. */
    public boolean canWatch(String uri) {
        synchronized (watched) {
            return watched.size() < MAX_WATCHED || watched.containsKey(uri);
        }
    }

    /** Keeps the watch of a resource until {@link #unwatch} or {@link #closed}. */
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
