package io.qicore.mcp.tool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A content block that a tool or a prompt passes to a model. Immutable, provided that its bytes are not modified. */
public sealed interface Content {

    /** Text. */
    record Text(String text) implements Content {
        /** Requires a text. */
        public Text {
            Objects.requireNonNull(text, "text");
        }
    }

    /** An image; {@code mimeType} is, for example, {@code image/png}. */
    record Image(byte[] data, String mimeType) implements Content {
        /** Requires what is not marked as nullable. */
        public Image {
            Objects.requireNonNull(mimeType, "mimeType");
            Objects.requireNonNull(data, "data");
        }
    }

    /** Audio; {@code mimeType} is, for example, {@code audio/wav}. */
    record Audio(byte[] data, String mimeType) implements Content {
        /** Requires what is not marked as nullable. */
        public Audio {
            Objects.requireNonNull(mimeType, "mimeType");
            Objects.requireNonNull(data, "data");
        }
    }

    /** A link to a resource, which the client may read by its URI. */
    record ResourceLink(
            String uri,
            String name,
            @Nullable String description,
            @Nullable String mimeType) implements Content {
        /** Requires what is not marked as nullable. */
        public ResourceLink {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(uri, "uri");
        }
    }

    /** A resource together with its contents. */
    record EmbeddedResource(ResourceContents resource) implements Content {
        /** Requires what is not marked as nullable. */
        public EmbeddedResource {
            Objects.requireNonNull(resource, "resource");
        }
    }

    /** Returns a text block. */
    static Content text(String text) {
        return new Text(text);
    }

    /** Returns an image with its bytes and media type. */
    static Content image(byte[] data, String mimeType) {
        return new Image(data, mimeType);
    }

    /** Returns audio with its bytes and media type. */
    static Content audio(byte[] data, String mimeType) {
        return new Audio(data, mimeType);
    }

    /** Returns a resource together with its contents. */
    static Content embedded(ResourceContents resource) {
        Objects.requireNonNull(resource, "resource");
        return new EmbeddedResource(resource);
    }
}
