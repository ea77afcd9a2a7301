package io.qicore.mcp.kafka.connect;

import org.apache.kafka.connect.errors.ConnectException;

/**
 * Ends the task of a source that has no more records, all of which are written. A task of Connect cannot end otherwise, so Connect
 * shows it as failed, with this trace.
 */
public final class SourceCompletedException extends ConnectException {

    private static final long serialVersionUID = 1;

    /** Creates an exception. */
    public SourceCompletedException(long records) {
        super("This is not a fault: the source has ended, and all its records are written (" + records + ").");
    }

    /** Leaves the stack trace out, which Connect would log and show as that of a fault. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
