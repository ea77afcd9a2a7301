package io.qicore.mcp.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.tool.ToolAnnotations;
import org.jspecify.annotations.Nullable;

/**
 * A tool as a server describes it.
 *
 * @param name the name to call it by
 * @param title a short name for people, or null
 * @param description what it does
 * @param inputSchema JSON Schema of its arguments
 * @param outputSchema JSON Schema of its result, or null
 * @param annotations what it does to its environment, or null; to be believed as far as the server is trusted
 */
public record ToolDescription(
        String name,
        @Nullable String title,
        @Nullable String description,
        ObjectNode inputSchema,
        @Nullable ObjectNode outputSchema,
        @Nullable ToolAnnotations annotations) {}
