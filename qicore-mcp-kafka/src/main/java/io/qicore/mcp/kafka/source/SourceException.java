package io.qicore.mcp.kafka.source;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the data of a source is wrong, so that reading it again would fail again. The producer fails with the message as
 * its {@code lastError}, so the message says what is wrong and where, and must not contain secrets.
 */
public final class SourceException extends IOException {

    private static final long serialVersionUID = 1;

    /** Creates an exception with a message for agents. */
    public SourceException(String message) {
        this(message, null);
    }

    /** Creates an exception with a message for agents and a cause, which is only logged. */
    public SourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
