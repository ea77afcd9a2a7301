package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a transport with one client on one connection, such as stdio, keeps between messages: which calls are in flight,
 * so that {@code notifications/cancelled} can name one, and the revision that a client of an older revision negotiated.
 * The transport makes one for each connection; the engine itself keeps nothing. Thread-safe.
 */
public final class ClientConnection {

    private final Map<JsonNode, CallControl> inFlight = new ConcurrentHashMap<>();
    private volatile @Nullable String negotiatedVersion;

    /** A connection that nothing was received on. */
    public ClientConnection() {}

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

    void negotiated(String version) {
        negotiatedVersion = version;
    }

    @Nullable
    String negotiatedVersion() {
        return negotiatedVersion;
    }
}
