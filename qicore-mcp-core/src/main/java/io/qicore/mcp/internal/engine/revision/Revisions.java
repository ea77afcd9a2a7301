package io.qicore.mcp.internal.engine.revision;

import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.internal.engine.call.ConnectionState;
import io.qicore.mcp.internal.engine.call.Handshake;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.call.ServerRequests;
import io.qicore.mcp.internal.engine.rpc.Incoming;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The revisions that are served, and which of them a message is of. That is decided for each message alone: what a
 * connection carried before plays no part, except that a client of an older revision names its version only once where
 * there are no headers.
 */
public final class Revisions {

    /** The newest first. */
    static final List<String> LEGACY = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    /** The revision that had batches, and that of an HTTP client which names none. */
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

    /** All versions, newest first. */
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

    /** The revision of a message. */
    public Revision of(Incoming message, CallMetadata metadata) throws RpcException {
        if (ModernRevision.isMeant(message)) {
            return modern;
        }
        String header = metadata.header(VERSION_HEADER);
        if (ModernRevision.VERSION.equals(header) && !message.isNotification()) {
            // The check will say which part of its metadata is missing.
            return modern;
        }
        if (message.method().equals("initialize")) {
            return negotiate(message.params().path("protocolVersion").textValue());
        }
        return served(version(metadata));
    }

    /** The legacy revision that a client asks for, or else the newest; never the stateless one. */
    public LegacyRevision negotiate(@Nullable String requested) {
        LegacyRevision asked = requested == null ? null : legacy.get(requested);
        return asked == null ? legacy.get(LEGACY.get(0)) : asked;
    }

    /** Whether a client may send several messages at once. */
    public boolean hasBatches(CallMetadata metadata) {
        return version(metadata).equals(BATCHES);
    }

    /** Whether a client may answer requests of ours. */
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
        return handshake.map(Handshake::version).orElse(metadata.headers() == null ? LEGACY.get(0) : BATCHES);
    }

    private Revision served(String version) throws RpcException {
        Revision served = version.equals(ModernRevision.VERSION) ? modern : legacy.get(version);
        if (served == null) {
            throw ModernRevision.unsupported(version, supported);
        }
        return served;
    }
}
