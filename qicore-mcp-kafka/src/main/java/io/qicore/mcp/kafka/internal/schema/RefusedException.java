package io.qicore.mcp.kafka.internal.schema;

import org.jspecify.annotations.Nullable;

/** A value that does not fit a schema. The message is for agents, and says where. */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    RefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static RefusedException at(String path, String message) {
        return new RefusedException((path.isEmpty() ? "The value " : "Field '" + path + "' ") + message, null);
    }
}
