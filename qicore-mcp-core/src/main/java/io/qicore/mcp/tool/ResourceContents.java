package io.qicore.mcp.tool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The contents of a resource or of a part of one. Immutable, provided that its bytes are not modified. */
public sealed interface ResourceContents {

    /** Returns the URI of the resource or of the part. */
    String uri();

    /** Returns the media type, or null if it is unknown. */
    @Nullable
    String mimeType();

    /** Text contents. */
    record Text(String uri, @Nullable String mimeType, String text) implements ResourceContents {
        /** Requires a text. */
        public Text {
            Objects.requireNonNull(uri, "uri");
            Objects.requireNonNull(text, "text");
        }
    }

    /** Binary contents. */
    record Blob(String uri, @Nullable String mimeType, byte[] blob) implements ResourceContents {
        /** Requires the bytes. */
        public Blob {
            Objects.requireNonNull(uri, "uri");
            Objects.requireNonNull(blob, "blob");
        }
    }
}
