package io.qicore.mcp.tool;

/**
 * A kind of failure that an agent can handle. Each module defines its codes in one enum that implements this interface.
 * {@link StandardErrorCode} has the codes that all servers share.
 */
public interface ErrorCode {

    /** Returns the code as it is sent, in {@code UPPER_SNAKE_CASE}: the name of the enum constant. */
    String name();

    /** Returns whether the same call may succeed later with the same arguments. */
    boolean retryable();
}
