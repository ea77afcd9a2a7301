package io.qicore.mcp.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who a server says it is. Immutable.
 *
 * @param name stable name for programs, such as {@code kafka-mcp-server}
 * @param version version of the server, not of the protocol
 * @param title name for people, or null
 * @param instructions what a model should know before it uses any of the server's tools, or null
 */
public record ServerInfo(
        String name,
        String version,
        @Nullable String title,
        @Nullable String instructions) {

    /** Checks that name and version are there. */
    public ServerInfo {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A server needs a name.");
        }
        Objects.requireNonNull(version, "version");
    }

    /** Without title and instructions. */
    public ServerInfo(String name, String version) {
        this(name, version, null, null);
    }
}
