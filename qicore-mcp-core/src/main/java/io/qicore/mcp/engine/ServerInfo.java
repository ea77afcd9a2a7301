package io.qicore.mcp.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a server, as clients see it. Immutable.
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

    /**
     * Checks the name and the version.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public ServerInfo {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A server needs a name.");
        }
        Objects.requireNonNull(version, "version");
    }

    /** Creates an identity without title and instructions. */
    public ServerInfo(String name, String version) {
        this(name, version, null, null);
    }
}
