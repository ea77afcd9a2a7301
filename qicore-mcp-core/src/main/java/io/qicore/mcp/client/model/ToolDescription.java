package io.qicore.mcp.client.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tool as described by its server. Immutable, provided that the schemas are not modified.
 *
 * @param name the name to call the tool by
 * @param title the name for people, or null
 * @param description what the tool does, or null
 * @param inputSchema the JSON Schema of the arguments
 * @param outputSchema the JSON Schema of the result, or null
 * @param annotations hints about the effect of the tool. Missing hints have the specification's defaults, which assume
 *     the worst. Rely on them only if you trust the server
 */
public record ToolDescription(
        String name,
        @Nullable String title,
        @Nullable String description,
        ObjectNode inputSchema,
        @Nullable ObjectNode outputSchema,
        ToolAnnotations annotations) {

    private static final ToolAnnotations WORST_CASE =
            ToolAnnotations.destructive().openWorld();

    /** Creates a description. Null for {@code annotations} stands for the defaults of the specification. */
    public ToolDescription(
            String name,
            @Nullable String title,
            @Nullable String description,
            ObjectNode inputSchema,
            @Nullable ObjectNode outputSchema,
            @Nullable ToolAnnotations annotations) {
        this.name = Objects.requireNonNull(name, "name");
        this.title = title;
        this.description = description;
        this.inputSchema = Objects.requireNonNull(inputSchema, "inputSchema");
        this.outputSchema = outputSchema;
        this.annotations = annotations == null ? WORST_CASE : annotations;
    }
}
