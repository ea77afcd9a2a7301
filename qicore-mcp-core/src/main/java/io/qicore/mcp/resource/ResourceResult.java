package io.qicore.mcp.resource;

import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.ResourceContents;
import java.util.List;
import java.util.Objects;

/** The result of reading a resource. Immutable, provided that the bytes of a blob are not modified. */
public sealed interface ResourceResult {

    /** The contents of the resource, in one or more parts; an empty list means that the resource does not exist. */
    record Contents(List<ResourceContents> contents) implements ResourceResult {
        /** Copies the list. */
        public Contents {
            Objects.requireNonNull(contents, "contents");
            contents = List.copyOf(contents);
        }
    }

    /** A text. Its URI is the requested one, and its media type is that of the {@link MCPResource}. */
    record Text(String text) implements ResourceResult {
        /** Requires what is not marked as nullable. */
        public Text {
            Objects.requireNonNull(text, "text");
        }
    }

    /** Bytes. Their URI is the requested one, and their media type is that of the {@link MCPResource}. */
    record Blob(byte[] blob) implements ResourceResult {
        /** Requires what is not marked as nullable. */
        public Blob {
            Objects.requireNonNull(blob, "blob");
        }
    }

    /** The reader needs input from the client and will be called again with it. */
    record InputRequired(InputRequests requests) implements ResourceResult {
        /** Requires what is not marked as nullable. */
        public InputRequired {
            Objects.requireNonNull(requests, "requests");
        }
    }

    /** Returns a text with the requested URI and the media type of the {@link MCPResource}. */
    static ResourceResult text(String text) {
        Objects.requireNonNull(text, "text");
        return new Text(text);
    }

    /** Returns bytes with the requested URI and the media type of the {@link MCPResource}. */
    static ResourceResult blob(byte[] blob) {
        return new Blob(blob);
    }

    /** Returns contents in several parts, each with its own URI and media type. */
    static ResourceResult of(List<ResourceContents> contents) {
        Objects.requireNonNull(contents, "contents");
        return new Contents(contents);
    }

    /** Returns the result for a resource that does not exist. */
    static ResourceResult notFound() {
        return new Contents(List.of());
    }

    /** Returns a request for input from the client. */
    static ResourceResult inputRequired(InputRequests requests) {
        Objects.requireNonNull(requests, "requests");
        return new InputRequired(requests);
    }
}
