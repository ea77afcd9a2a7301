package io.qicore.mcp.kafka.internal.schema;

import org.jspecify.annotations.Nullable;

/** A value that does not fit a schema. The message is for agents, and says where. */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    RefusedException(String message, @Nullable Throwable cause) {
        // Without a stack trace: a union tries one type after the other, and most of them are refused.
        super(message, cause, true, false);
    }

    static RefusedException at(String path, String message) {
        return new RefusedException((path.isEmpty() ? "The value " : "Field '" + path + "' ") + message, null);
    }
}
