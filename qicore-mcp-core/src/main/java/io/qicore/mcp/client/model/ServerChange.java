package io.qicore.mcp.client.model;

import java.util.Objects;

/** A change that a server tells those who have subscribed. Immutable. */
public sealed interface ServerChange {

    /** The list of tools has changed. */
    record Tools() implements ServerChange {}

    /** The list of prompts has changed. */
    record Prompts() implements ServerChange {}

    /** The list of resources or of their templates has changed. */
    record Resources() implements ServerChange {}

    /** The contents of a resource have changed, or those of a part of it. */
    record Resource(String uri) implements ServerChange {
        /** Requires a URI. */
        public Resource {
            Objects.requireNonNull(uri, "uri");
        }
    }

    /** A task has changed. */
    record Task(TaskState state) implements ServerChange {
        /** Requires a state. */
        public Task {
            Objects.requireNonNull(state, "state");
        }
    }
}
