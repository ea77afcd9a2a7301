package io.qicore.mcp.client.handler;

import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A folder that the user has opened and that servers may know of. Immutable.
 *
 * @param uri the folder, a {@code file} URI
 * @param name the name for people, or null
 */
public record Root(URI uri, @Nullable String name) {
    /**
     * Checks the URI.
     *
     * @throws IllegalArgumentException if it is not a {@code file} URI
     */
    public Root {
        Objects.requireNonNull(uri, "uri");
        if (!"file".equals(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "A root must be a file URI, such as file:///srv/project, not " + uri + ".");
        }
    }
}
