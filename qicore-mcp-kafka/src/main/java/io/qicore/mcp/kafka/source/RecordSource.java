package io.qicore.mcp.kafka.source;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Delivers records one after the other until there are no more or it is closed.
 *
 * <p>The reader limits the rate and may leave minutes between two polls, for example while a producer is paused. One thread
 * calls these methods, {@link #close} at last. Implementations need not be thread-safe.
 */
public interface RecordSource extends AutoCloseable {

    /**
     * Returns the next record, or null if there is none within the timeout. The reader interrupts the thread of a source that
     * waits for longer.
     *
     * @param timeout how long to wait at most, not negative
     * @throws SourceException if the data is wrong, so that reading it again would fail again; agents see the message
     * @throws IOException if the data cannot be read at the moment: the reader opens the source again later, at the position of
     *     the last record that Kafka has acknowledged. The details are logged and not shown to agents
     * @throws InterruptedException if the thread is interrupted
     */
    @Nullable
    SourceRecord poll(Duration timeout) throws IOException, InterruptedException;

    /** Returns whether there will not be another record. Asked after {@link #poll} has returned null. */
    boolean isEnded();

    /**
     * Returns where another source with the same settings would go on: after the record that {@link #poll} returned last, or
     * where this source was opened. Whatever this source has chosen by itself, such as the end of a log, is a part of it.
     */
    SourcePosition position();

    /** Releases the resources of the source within seconds. Called once, also after a failure. */
    @Override
    void close() throws IOException;
}
