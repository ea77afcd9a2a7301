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
 * @param annotations what it does to its environment, and the specification's assumptions, which are the worst, about what
 *     the server does not say; to be believed as far as the server is trusted
 */
public record ToolDescription(
        String name,
        @Nullable String title,
        @Nullable String description,
        ObjectNode inputSchema,
        @Nullable ObjectNode outputSchema,
        ToolAnnotations annotations) {

    private static final ToolAnnotations WORST = ToolAnnotations.destructive().openWorld();

    /**
     * A description; null for {@code annotations} stands for those of a server that says nothing.
     */
    public ToolDescription(
            String name,
            @Nullable String title,
            @Nullable String description,
            ObjectNode inputSchema,
            @Nullable ObjectNode outputSchema,
            @Nullable ToolAnnotations annotations) {
        this.name = name;
        this.title = title;
        this.description = description;
        this.inputSchema = inputSchema;
        this.outputSchema = outputSchema;
        this.annotations = annotations == null ? WORST : annotations;
    }
}
