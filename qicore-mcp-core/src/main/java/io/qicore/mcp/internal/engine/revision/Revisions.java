package io.qicore.mcp.internal.engine.revision;

import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.internal.engine.call.ConnectionState;
import io.qicore.mcp.internal.engine.call.Handshake;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.call.ServerRequests;
import io.qicore.mcp.internal.engine.rpc.Incoming;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The revisions that are served. The revision of a message is decided for each message alone: earlier messages of the
 * connection do not matter, except that a client of an older revision names its version only once on transports without
 * headers.
 */
public final class Revisions {

    /** The legacy versions, newest first. */
    static final List<String> LEGACY = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    /** The revision with batches, which is also that of an HTTP client that does not name a revision. */
    static final String BATCHES = "2025-03-26";

    private static final String VERSION_HEADER = "MCP-Protocol-Version";

    private final ModernRevision modern;
    private final Map<String, LegacyRevision> legacy = new LinkedHashMap<>();
    private final List<String> supported;

    public Revisions(ModernRevision modern, ServerRequests serverRequests) {
        this.modern = modern;
        for (String version : LEGACY) {
            legacy.put(version, new LegacyRevision(version, serverRequests));
        }
        this.supported = supportedVersions();
    }

    /** Returns all versions, newest first. */
    public static List<String> supportedVersions() {
        List<String> versions = new ArrayList<>();
        versions.add(ModernRevision.VERSION);
        versions.addAll(LEGACY);
        return List.copyOf(versions);
    }

    public ModernRevision modern() {
        return modern;
    }

    public Iterable<LegacyRevision> legacy() {
        return legacy.values();
    }

    /** Returns the revision of a message. */
    public Revision of(Incoming message, CallMetadata metadata) throws RpcException {
        if (ModernRevision.isMeant(message)) {
            return modern;
        }
        String header = metadata.header(VERSION_HEADER);
        if (ModernRevision.VERSION.equals(header) && !message.isNotification()) {
            // The check of that revision names the metadata that is missing.
            return modern;
        }
        if (message.method().equals(MethodNames.INITIALIZE)) {
            return negotiate(message.params().path("protocolVersion").textValue());
        }
        return served(version(metadata));
    }

    /** Returns the legacy revision that a client requests, or the newest legacy revision if it is not served. */
    public LegacyRevision negotiate(@Nullable String requested) {
        LegacyRevision asked = requested == null ? null : legacy.get(requested);
        return asked == null ? legacy.get(LEGACY.get(0)) : asked;
    }

    /** Returns whether a client may send batches. */
    public boolean hasBatches(CallMetadata metadata) {
        return version(metadata).equals(BATCHES);
    }

    /** Returns whether a client may answer requests of the server. */
    public boolean hasServerRequests(CallMetadata metadata) {
        return legacy.containsKey(version(metadata));
    }

    private static String version(CallMetadata metadata) {
        String header = metadata.header(VERSION_HEADER);
        if (header != null) {
            return header;
        }
        ConnectionState connection = ConnectionState.of(metadata);
        Optional<Handshake> handshake =
                connection == null ? LegacyRevision.handshake(metadata) : connection.handshake();
        return handshake.map(Handshake::version).orElse(!metadata.hasHeaders() ? LEGACY.get(0) : BATCHES);
    }

    private Revision served(String version) throws RpcException {
        Revision served = version.equals(ModernRevision.VERSION) ? modern : legacy.get(version);
        if (served == null) {
            throw ModernRevision.unsupported(version, supported);
        }
        return served;
    }
}
