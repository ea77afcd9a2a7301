package io.qicore.mcp.protocol;

import io.qicore.mcp.server.ServerInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The revisions that are served, and which of them a message is of. That is decided for each message alone: what a
 * connection carried before plays no part, except that a client of an older revision names its version only once where
 * there are no headers.
 */
final class Revisions {

    private static final List<String> LEGACY = List.of("2025-11-25");
    private static final String VERSION_HEADER = "MCP-Protocol-Version";

    private final ModernRevision modern;
    private final Map<String, LegacyRevision> legacy = new LinkedHashMap<>();
    private final List<String> supported;

    Revisions(ServerInfo info) {
        supported = Stream.concat(Stream.of(ModernRevision.VERSION), LEGACY.stream())
                .toList();
        modern = new ModernRevision(info, supported);
        for (String version : LEGACY) {
            legacy.put(version, new LegacyRevision(version, modern));
        }
    }

    /** All versions, newest first. */
    List<String> supported() {
        return supported;
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
        return legacy(header, metadata);
    }

    /** The legacy revision that a client asks for, or else the newest; never the stateless one. */
    LegacyRevision negotiate(@Nullable String requested) {
        LegacyRevision served = requested == null ? null : legacy.get(requested);
        return served == null ? newestLegacy() : served;
    }

    private Revision legacy(@Nullable String header, CallMetadata metadata) throws RpcException {
        String version = header;
        if (version == null && metadata.connection() != null) {
            version = metadata.connection().negotiatedVersion();
        }
        if (version == null) {
            return newestLegacy();
        }
        if (version.equals(ModernRevision.VERSION)) {
            return modern;
        }
        LegacyRevision served = legacy.get(version);
        if (served == null) {
            throw ModernRevision.unsupported(version, supported);
        }
        return served;
    }

    private LegacyRevision newestLegacy() {
        return legacy.values().iterator().next();
    }
}
