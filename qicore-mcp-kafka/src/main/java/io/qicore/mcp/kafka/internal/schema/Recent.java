package io.qicore.mcp.kafka.internal.schema;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what was used last, each value for a time of its own. Thread-safe. */
final class Recent<V> {

    private record Entry<V>(V value, long untilNanos) {}

    private final Map<Object, Entry<V>> entries;

    /** Creates a cache that keeps at most a number of values. */
    Recent(int most) {
        this.entries = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Object, Entry<V>> eldest) {
                return size() > most;
            }
        });
    }

    /** Returns the value of a key; null if there is none or its time is over. */
    @Nullable
    V get(Object key) {
        Entry<V> entry = entries.get(key);
        return entry != null && entry.untilNanos() - System.nanoTime() > 0 ? entry.value() : null;
    }

    void put(Object key, V value, Duration kept) {
        entries.put(key, new Entry<>(value, System.nanoTime() + kept.toNanos()));
    }
}
