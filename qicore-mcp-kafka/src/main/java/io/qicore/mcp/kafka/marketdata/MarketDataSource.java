package io.qicore.mcp.kafka.marketdata;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Delivers candles one after the other until there are no more or the source is closed.
 *
 * <p>The reader decides how fast it reads; a source does not limit the rate. One thread calls {@link #next()}, and
 * {@link #close()} after the last {@code next()}.
 */
public interface MarketDataSource extends AutoCloseable {

    /**
     * Returns the next candle, or null if there are no more. It may wait for a candle; the reader interrupts the thread to
     * end the wait.
     *
     * @throws MarketDataException if the data is wrong; agents see the message
     * @throws IOException if the data cannot be read; the details are logged and not shown to agents
     * @throws InterruptedException if the thread is interrupted
     */
    @Nullable
    Candle next() throws IOException, InterruptedException;

    /** Releases the resources of the source. Called once, also after a failure. */
    @Override
    void close() throws IOException;
}
