package io.qicore.mcp.protocol;

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
final class Revisions {

    /** The newest first. */
    static final List<String> LEGACY = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    /** The revision that had batches, and that of an HTTP client which names none. */
    static final String BATCHES = "2025-03-26";

    private static final String VERSION_HEADER = "MCP-Protocol-Version";

    private final ModernRevision modern;
    private final Map<String, LegacyRevision> legacy = new LinkedHashMap<>();
    private final List<String> supported;

    Revisions(ModernRevision modern, ServerRequests serverRequests) {
        this.modern = modern;
        for (String version : LEGACY) {
            legacy.put(version, new LegacyRevision(version, serverRequests));
        }
        this.supported = supportedVersions();
    }

    /** All versions, newest first. */
    static List<String> supportedVersions() {
        List<String> versions = new ArrayList<>();
        versions.add(ModernRevision.VERSION);
        versions.addAll(LEGACY);
        return List.copyOf(versions);
    }

    ModernRevision modern() {
        return modern;
    }

    Iterable<LegacyRevision> legacy() {
        return legacy.values();
    }

    /** The revision of a message. */
    Revision of(Incoming message, CallMetadata metadata) throws RpcException {
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
    LegacyRevision negotiate(@Nullable String requested) {
        LegacyRevision asked = requested == null ? null : legacy.get(requested);
        return asked == null ? legacy.get(LEGACY.get(0)) : asked;
    }

    /** Whether a client may send several messages at once. */
    boolean hasBatches(CallMetadata metadata) {
        return version(metadata).equals(BATCHES);
    }

    /** Whether a client may answer requests of ours. */
    boolean hasServerRequests(CallMetadata metadata) {
        return legacy.containsKey(version(metadata));
    }

    private static String version(CallMetadata metadata) {
        String header = metadata.header(VERSION_HEADER);
        if (header != null) {
            return header;
        }
        Optional<LegacySession> session = metadata.connection() == null
                ? LegacyRevision.session(metadata)
                : metadata.connection().session();
        return session.map(LegacySession::version).orElse(metadata.headers() == null ? LEGACY.get(0) : BATCHES);
    }

    private Revision served(String version) throws RpcException {
        Revision served = version.equals(ModernRevision.VERSION) ? modern : legacy.get(version);
        if (served == null) {
            throw ModernRevision.unsupported(version, supported);
        }
        return served;
    }
}
