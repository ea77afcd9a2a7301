package io.qicore.mcp.client.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A resource as described by its server. Immutable.
 *
 * @param uri the URI to read the resource by
 * @param name the name of the resource
 * @param title the name for people, or null
 * @param description what the resource contains, or null
 * @param mimeType the media type, or null if it is unknown
 * @param size the size in bytes, or null if it is unknown
 */
public record ResourceDescription(
        String uri,
        String name,
        @Nullable String title,
        @Nullable String description,
        @Nullable String mimeType,
        @Nullable Long size) {
    /** Requires what is not marked as nullable. */
    public ResourceDescription {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uri, "uri");
    }
}
