package io.qicore.mcp.client.endpoint;

import java.util.List;
import java.util.Objects;

/**
 * Which revisions of MCP a client may use with a server. Immutable.
 */
public final class ProtocolMode {

    /** The revision without a handshake that this client speaks. */
    public static final String MODERN_VERSION = "2026-07-28";

    /** The revisions with a handshake that this client speaks, newest first. */
    public static final List<String> LEGACY_VERSIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    private static final List<String> MODERN_VERSIONS = List.of(MODERN_VERSION);
    private static final ProtocolMode AUTO = new ProtocolMode("auto", MODERN_VERSIONS, LEGACY_VERSIONS);
    private static final ProtocolMode MODERN = new ProtocolMode("modern", MODERN_VERSIONS, List.of());
    private static final ProtocolMode LEGACY = new ProtocolMode("legacy", List.of(), LEGACY_VERSIONS);

    private final String name;
    private final List<String> modern;
    private final List<String> legacy;

    private ProtocolMode(String name, List<String> modern, List<String> legacy) {
        this.name = name;
        this.modern = modern;
        this.legacy = legacy;
    }

    /** Returns the mode in which the client asks the server what it speaks and takes the newest revision that both know. */
    public static ProtocolMode auto() {
        return AUTO;
    }

    /** Returns the mode in which the client uses only 2026-07-28. A server that does not speak it fails the first call. */
    public static ProtocolMode modern() {
        return MODERN;
    }

    /** Returns the mode in which the client uses only revisions with a handshake, the newest that the server knows. */
    public static ProtocolMode legacy() {
        return LEGACY;
    }

    /**
     * Returns the mode in which the client uses exactly one revision.
     *
     * @param version the revision, such as {@code 2025-06-18}
     * @throws IllegalArgumentException if this client does not speak it
     */
    public static ProtocolMode pinned(String version) {
        Objects.requireNonNull(version, "version");
        if (version.equals(MODERN_VERSION)) {
            return MODERN;
        }
        if (!LEGACY_VERSIONS.contains(version)) {
            throw new IllegalArgumentException(
                    "version must be " + MODERN_VERSION + " or one of " + LEGACY_VERSIONS + ", not " + version + ".");
        }
        return new ProtocolMode(version, List.of(), List.of(version));
    }

    /** Returns the revisions without a handshake that the client may use. */
    public List<String> modernVersions() {
        return modern;
    }

    /** Returns the revisions with a handshake that the client may use, newest first. */
    public List<String> legacyVersions() {
        return legacy;
    }

    @Override
    public String toString() {
        return name;
    }
}
