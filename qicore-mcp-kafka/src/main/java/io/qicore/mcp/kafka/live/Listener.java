package io.qicore.mcp.kafka.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A call that listens: what it waits for, where it began, and what has arrived since. The reader adds records, the thread of the
 * call waits for them. Thread-safe.
 */
final class Listener {

    private static final int MAX_OTHERS = 10;

    /** How waiting has ended. */
    enum End {
        COMPLETE,
        TIME_OVER,
        CANCELLED
    }

    /**
     * What has arrived.
     *
     * @param prices the newest price of each symbol, in the order in which symbols were requested
     * @param missing the symbols without a price, in that order
     * @param records the number of records that arrived
     * @param skipped the number of those that are not prices
     * @param others the first symbols that arrived and were not asked for, sorted
     */
    record Outcome(List<LivePrice> prices, List<String> missing, long records, long skipped, List<String> others) {}

    private record Arrival(int partition, long offset, LivePrice price) {}

    private record Source(String symbol, int partition) {}

    private final String topic;
    private final Set<String> wanted;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // What arrives before the start is known: the newest price of each symbol in each partition.
    private final Map<Source, Arrival> early = new HashMap<>();
    private final Map<String, Arrival> seen = new HashMap<>();
    private final List<LivePrice> unreported = new ArrayList<>();
    private final Set<String> others = new TreeSet<>();
    private @Nullable Uuid topicId;
    private @Nullable Starts starts;
    private @Nullable RuntimeException failure;
    private boolean cancelled;
    private long records;
    private long skipped;

    Listener(String topic, Set<String> symbols) {
        this.topic = topic;
        this.wanted = new LinkedHashSet<>(symbols);
    }

    String topic() {
        return topic;
    }

    /** Tells where the call began, so that earlier records do not count. */
    void begin(Uuid id, Starts where) {
        locked(() -> {
            topicId = id;
            starts = where;
            early.values().stream()
                    .filter(arrival -> where.includes(arrival.partition(), arrival.offset()))
                    .forEach(this::accept);
            early.clear();
        });
    }

    /** Tells that the topic was created again, so that all its records are new to calls that began before. */
    void recreated(Uuid id) {
        locked(() -> {
            if (topicId != null && !topicId.equals(id)) {
                topicId = id;
                starts = Starts.ALL;
                seen.replaceAll((symbol, arrival) -> new Arrival(arrival.partition(), -1, arrival.price()));
            }
        });
    }

    /**
     * Adds a record.
     *
     * @param price null if it is not a price
     */
    void arrived(int partition, long offset, @Nullable LivePrice price) {
        locked(() -> {
            if (starts != null && !starts.includes(partition, offset)) {
                return;
            }
            if (price != null && wanted.contains(price.symbol())) {
                var arrival = new Arrival(partition, offset, price);
                if (starts == null) {
                    early.put(new Source(price.symbol(), partition), arrival);
                } else {
                    accept(arrival);
                }
            } else if (starts != null) {
                records++;
                if (price == null) {
                    skipped++;
                } else if (others.size() < MAX_OTHERS) {
                    others.add(price.symbol());
                }
            }
        });
    }

    private void accept(Arrival arrival) {
        records++;
        String symbol = arrival.price().symbol();
        Arrival before = seen.get(symbol);
        // A part of a partition is read twice if a call begins before the place from which it is read.
        if (before == null || before.partition() != arrival.partition() || before.offset() < arrival.offset()) {
            seen.put(symbol, arrival);
        }
        if (before == null) {
            unreported.add(arrival.price());
            changed.signalAll();
        }
    }

    /** Ends the wait with a failure, unless it has ended. */
    void fail(RuntimeException reason) {
        locked(() -> {
            failure = failure == null ? reason : failure;
            changed.signalAll();
        });
    }

    /** Ends the wait at once. */
    void cancel() {
        locked(() -> {
            cancelled = true;
            changed.signalAll();
        });
    }

    /**
     * Waits until every symbol has arrived.
     *
     * @param end the {@link System#nanoTime} at which to stop waiting
     * @param onArrival called with the first price of each symbol
     * @throws RuntimeException the failure of the reader
     */
    End await(long end, Consumer<LivePrice> onArrival) throws InterruptedException {
        while (true) {
            List<LivePrice> arrived = next(end);
            arrived.forEach(onArrival);
            lock.lock();
            try {
                if (cancelled) {
                    return End.CANCELLED;
                }
                if (failure != null) {
                    throw failure;
                }
                if (unreported.isEmpty() && seen.size() == wanted.size()) {
                    return End.COMPLETE;
                }
                if (arrived.isEmpty()) {
                    return End.TIME_OVER;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private List<LivePrice> next(long end) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = end - System.nanoTime();
            while (unreported.isEmpty() && !cancelled && failure == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            List<LivePrice> next = List.copyOf(unreported);
            unreported.clear();
            return next;
        } finally {
            lock.unlock();
        }
    }

    Outcome outcome() {
        lock.lock();
        try {
            return new Outcome(
                    wanted.stream()
                            .filter(seen::containsKey)
                            .map(symbol -> seen.get(symbol).price())
                            .toList(),
                    wanted.stream().filter(symbol -> !seen.containsKey(symbol)).toList(),
                    records,
                    skipped,
                    List.copyOf(others));
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
