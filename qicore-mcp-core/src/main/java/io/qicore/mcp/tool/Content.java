package io.qicore.mcp.tool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One block of what a tool or a prompt shows to a model. Immutable as long as nobody changes its bytes. */
public sealed interface Content {

    /** Text. */
    record Text(String text) implements Content {
        /** Checks that the text is there. */
        public Text {
            Objects.requireNonNull(text);
        }
    }

    /** A picture; {@code mimeType} is, for example, {@code image/png}. */
    record Image(byte[] data, String mimeType) implements Content {}

    /** Sound; {@code mimeType} is, for example, {@code audio/wav}. */
    record Audio(byte[] data, String mimeType) implements Content {}

    /** A resource that the client may read if it wants to. */
    record ResourceLink(
            String uri,
            String name,
            @Nullable String description,
            @Nullable String mimeType) implements Content {}

    /** A resource with what is in it. */
    record EmbeddedResource(ResourceContents resource) implements Content {}

    /** A block of text. */
    static Content text(String text) {
        return new Text(text);
    }

    /** A picture. */
    static Content image(byte[] data, String mimeType) {
        return new Image(data, mimeType);
    }

    /** Sound. */
    static Content audio(byte[] data, String mimeType) {
        return new Audio(data, mimeType);
    }

    /** A resource with what is in it. */
    static Content embedded(ResourceContents resource) {
        return new EmbeddedResource(resource);
    }
}
