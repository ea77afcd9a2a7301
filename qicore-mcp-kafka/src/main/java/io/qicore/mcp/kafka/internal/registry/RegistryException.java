package io.qicore.mcp.kafka.internal.registry;

import org.jspecify.annotations.Nullable;

/** A request to the schema registry that failed. The message is for agents and contains no secrets. */
public final class RegistryException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What the caller can conclude from the failure. */
    public enum Kind {
        /** The registry does not have the schema, the subject or the version. */
        NOT_FOUND,
        /** The registry refuses the content of the request. */
        REFUSED,
        /** The registry refuses the credentials of this server. */
        DENIED,
        /** The registry does not answer, or not with what its API promises. */
        UNAVAILABLE
    }

    RegistryException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Returns what kind of failure it is. */
    public Kind kind() {
        return kind;
    }
}
