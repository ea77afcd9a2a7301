package io.qicore.mcp.client.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A template of resources as described by its server. Immutable.
 *
 * @param uriTemplate a URI template (RFC 6570); expanded, it is the URI of a resource
 * @param name the name of the template
 * @param title the name for people, or null
 * @param description what the resources contain, or null
 * @param mimeType the media type of all of them, or null if it varies or is unknown
 */
public record ResourceTemplateDescription(
        String uriTemplate,
        String name,
        @Nullable String title,
        @Nullable String description,
        @Nullable String mimeType) {
    /** Requires what is not marked as nullable. */
    public ResourceTemplateDescription {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uriTemplate, "uriTemplate");
    }
}
