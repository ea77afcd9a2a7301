package io.qicore.mcp.tool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is in a resource, or in a part of it. Immutable as long as nobody changes its bytes. */
public sealed interface ResourceContents {

    /** The URI of the resource or of its part. */
    String uri();

    /** The media type, or null if it is unknown. */
    @Nullable
    String mimeType();

    /** Text. */
    record Text(String uri, @Nullable String mimeType, String text) implements ResourceContents {
        /** Checks that the text is there. */
        public Text {
            Objects.requireNonNull(text);
        }
    }

    /** Bytes. */
    record Blob(String uri, @Nullable String mimeType, byte[] blob) implements ResourceContents {
        /** Checks that the bytes are there. */
        public Blob {
            Objects.requireNonNull(blob);
        }
    }
}
