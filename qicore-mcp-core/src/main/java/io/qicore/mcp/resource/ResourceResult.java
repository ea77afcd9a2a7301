package io.qicore.mcp.resource;

import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.ResourceContents;
import java.util.List;

/** What reading a resource gives. Immutable. */
public sealed interface ResourceResult {

    /** Its contents; none means that there is no such resource. */
    record Contents(List<ResourceContents> contents) implements ResourceResult {
        /** Copies the list. */
        public Contents {
            contents = List.copyOf(contents);
        }
    }

    /** A text, of the URI that was asked for and the media type of the definition. */
    record Text(String text) implements ResourceResult {}

    /** Bytes, of the URI that was asked for and the media type of the definition. */
    record Blob(byte[] blob) implements ResourceResult {}

    /** The reader needs answers first, and will be called again with them. */
    record InputRequired(InputRequests requests) implements ResourceResult {}

    /** A text, of the URI that was asked for and the media type of the definition. */
    static ResourceResult text(String text) {
        return new Text(text);
    }

    /** Bytes, of the URI that was asked for and the media type of the definition. */
    static ResourceResult blob(byte[] blob) {
        return new Blob(blob);
    }

    /** Several parts. */
    static ResourceResult of(List<ResourceContents> contents) {
        return new Contents(contents);
    }

    /** There is no such resource. */
    static ResourceResult notFound() {
        return new Contents(List.of());
    }

    /** A question back. */
    static ResourceResult inputRequired(InputRequests requests) {
        return new InputRequired(requests);
    }
}
