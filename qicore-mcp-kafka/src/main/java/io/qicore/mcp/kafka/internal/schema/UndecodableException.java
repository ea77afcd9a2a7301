package io.qicore.mcp.kafka.internal.schema;

import org.jspecify.annotations.Nullable;

/** A content that does not fit its schema, or a schema that cannot be used. The message is for agents. */
final class UndecodableException extends Exception {

    private static final long serialVersionUID = 1L;

    UndecodableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
