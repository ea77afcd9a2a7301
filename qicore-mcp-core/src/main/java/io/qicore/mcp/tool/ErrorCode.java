package io.qicore.mcp.tool;

/**
 * One kind of failure that an agent can meet and react to. Each module lists its codes in one enum that implements this
 * interface; {@link StandardErrorCode} has those that every server shares.
 */
public interface ErrorCode {

    /** The code on the wire, in {@code UPPER_SNAKE_CASE}. An enum constant's own name. */
    String name();

    /** Whether the same call may succeed later without any change to its arguments. */
    boolean retryable();
}
