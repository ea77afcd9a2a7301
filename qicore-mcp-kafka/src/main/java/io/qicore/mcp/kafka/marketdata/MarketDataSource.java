package io.qicore.mcp.kafka.marketdata;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Delivers candles one after the other until it ends or is closed.
 *
 * <p>A source does not pace itself: whoever reads it decides how fast. {@link #next()} is called by one thread only;
 * {@link #close()} may come from the same thread after the last {@code next()}.
 */
public interface MarketDataSource extends AutoCloseable {

    /**
     * The next candle, or null when there are no more. May wait for one; is interrupted to stop waiting.
     *
     * @throws MarketDataException if the data is wrong; the message reaches agents
     * @throws IOException if the data cannot be read; the log gets the details, agents do not
     * @throws InterruptedException if the reader is to stop
     */
    @Nullable
    Candle next() throws IOException, InterruptedException;

    /** Releases what the source holds. Called once, also after a failure. */
    @Override
    void close() throws IOException;
}
