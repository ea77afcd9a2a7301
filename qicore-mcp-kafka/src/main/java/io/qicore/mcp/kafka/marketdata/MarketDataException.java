package io.qicore.mcp.kafka.marketdata;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when market data cannot be read. Agents see the message, so it says what is wrong and where, and must not contain
 * secrets.
 */
public final class MarketDataException extends IOException {

    private static final long serialVersionUID = 1;

    /** Creates an exception with a message for agents. */
    public MarketDataException(String message) {
        this(message, null);
    }

    /** Creates an exception with a message for agents and a cause, which is only logged. */
    public MarketDataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
