package io.qicore.mcp.client.endpoint;

/** The bounds of the size of one message, the same for every transport. */
final class MessageLimit {

    static final int DEFAULT = 64 << 20;

    private static final int MIN = 1 << 10;
    private static final int MAX = 1 << 30;

    private MessageLimit() {}

    /**
     * Returns the given limit after checking it.
     *
     * @throws IllegalArgumentException if it is less than 1 KiB or more than 1 GiB
     */
    static int checked(int bytes) {
        if (bytes < MIN || bytes > MAX) {
            throw new IllegalArgumentException(
                    "maxMessageBytes must be from " + MIN + " to " + MAX + ", not " + bytes + ".");
        }
        return bytes;
    }
}
