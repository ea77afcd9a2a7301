package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers of one server for one client, as long as the server said that they stay the same. Answers with {@code cacheScope}
 * {@code public} and {@code private} are treated alike, since the cache is not shared. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching">MCP 2026-07-28, Caching</a>
 */
final class ResponseCache {

    private static final int MAX_ENTRIES = 1_000;
    private static final long NANOS = 1_000_000;

    /** A longer time is cut off, so that an answer is not kept for good because of one wrong number. */
    private static final long MAX_TTL_MILLIS = 24L * 60 * 60 * 1_000;

    private final boolean enabled;
    private final LongSupplier nanoTime;
    // Guarded by this.
    private final Map<String, Entry> entries = new HashMap<>();
    private long changes;

    private record Entry(Object value, long expires) {}

    ResponseCache(boolean enabled, LongSupplier nanoTime) {
        this.enabled = enabled;
        this.nanoTime = nanoTime;
    }

    /** Returns the answer, or null if there is none or it may have changed. */
    synchronized <T> @Nullable T get(String key, Class<T> type) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        if (entry.expires - nanoTime.getAsLong() <= 0) {
            entries.remove(key);
            return null;
        }
        return type.cast(entry.value);
    }

    /** Returns the state of the cache before a request, for {@link #put}. */
    synchronized long changes() {
        return changes;
    }

    /**
     * Keeps an answer, unless something has changed since its request was sent.
     *
     * @param ttlMillis how long it stays the same; not positive if that is not known
     * @param since what {@link #changes} returned before the request
     */
    synchronized void put(String key, Object value, long ttlMillis, long since) {
        if (!enabled || ttlMillis <= 0 || since != changes) {
            return;
        }
        if (entries.size() >= MAX_ENTRIES && !entries.containsKey(key)) {
            Iterator<String> any = entries.keySet().iterator();
            any.next();
            any.remove();
        }
        entries.put(key, new Entry(value, nanoTime.getAsLong() + Math.min(ttlMillis, MAX_TTL_MILLIS) * NANOS));
    }

    /** Forgets answers that may have changed. */
    synchronized void forget(Predicate<String> keys) {
        changes++;
        entries.keySet().removeIf(keys);
    }

    /** Returns how long a result stays the same, in milliseconds; 0 if it does not say. */
    static long ttl(JsonNode result) {
        return result.path("ttlMs").isIntegralNumber() ? result.path("ttlMs").longValue() : 0;
    }
}
