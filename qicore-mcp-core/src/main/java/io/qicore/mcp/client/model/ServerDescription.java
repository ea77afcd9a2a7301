package io.qicore.mcp.client.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A server's description of itself. Immutable, provided that the capabilities are not modified.
 *
 * @param name the name of the server, or an empty string if it is missing
 * @param version the version of the server, or an empty string if it is missing
 * @param protocolVersion the revision of MCP that the client uses with this server
 * @param supportedVersions the revisions that the server says it supports; a server of a revision with a handshake names only
 *     the one in use
 * @param capabilities the capabilities of the server, by feature
 * @param instructions what a client should know before using the server, or null
 */
public record ServerDescription(
        String name,
        String version,
        String protocolVersion,
        List<String> supportedVersions,
        ObjectNode capabilities,
        @Nullable String instructions) {
    /** Requires what is not marked as nullable. */
    public ServerDescription {
        Objects.requireNonNull(capabilities, "capabilities");
        Objects.requireNonNull(protocolVersion, "protocolVersion");
        supportedVersions = List.copyOf(Objects.requireNonNull(supportedVersions, "supportedVersions"));
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(name, "name");
    }
}
