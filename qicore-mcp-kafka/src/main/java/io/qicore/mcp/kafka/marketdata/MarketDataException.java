package io.qicore.mcp.kafka.marketdata;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Market data cannot be read. The message reaches agents as it is ({@code lastError} of a producer): it names what is
 * wrong and where, and nothing secret.
 */
public final class MarketDataException extends IOException {

    private static final long serialVersionUID = 1;

    /** A failure with its reason. */
    public MarketDataException(String message) {
        this(message, null);
    }

    /** A failure with its reason and the exception behind it, which is logged only. */
    public MarketDataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
