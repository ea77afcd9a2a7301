package io.qicore.mcp.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server says about itself.
 *
 * @param name its name, or an empty text if it gives none
 * @param version its version, or an empty text if it gives none
 * @param supportedVersions the revisions of MCP that it serves
 * @param capabilities what it offers, by feature
 * @param instructions what to know before using it, or null
 */
public record ServerDescription(
        String name,
        String version,
        List<String> supportedVersions,
        ObjectNode capabilities,
        @Nullable String instructions) {}
