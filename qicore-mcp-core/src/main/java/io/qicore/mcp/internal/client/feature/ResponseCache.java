package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers of one server for one client, as long as the server said that they stay the same. Those that are not {@code public} are
 * forgotten when the credentials of the client change. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching">MCP 2026-07-28, Caching</a>
 */
final class ResponseCache {

    private static final int MAX_ENTRIES = 1_000;

    /** How much memory the answers may take up; the oldest ones make room. */
    private static final long MAX_BYTES = 64 << 20;

    private static final long NANOS = 1_000_000;

    /** A longer time is cut off, so that an answer is not kept for good because of one wrong number. */
    private static final long MAX_TTL_MILLIS = 24L * 60 * 60 * 1_000;

    private final boolean enabled;
    private final LongSupplier nanoTime;
    // Guarded by this.
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long bytes;
    private long changes;

    private record Entry(Object value, Freshness freshness, long bytes, long expires) {}

    /**
     * What a server says about how long an answer stays the same.
     *
     * @param ttlMillis how long; not positive if that is not known
     * @param isPublic whether the answer is the same for all callers
     */
    record Freshness(long ttlMillis, boolean isPublic) {

        /** That of an answer without parts. */
        static final Freshness LONGEST = new Freshness(Long.MAX_VALUE, true);

        /** Reads that of a result. */
        static Freshness of(JsonNode result) {
            JsonNode ttl = result.path("ttlMs");
            return new Freshness(
                    ttl.isIntegralNumber() && ttl.canConvertToLong() ? ttl.longValue() : 0,
                    result.path("cacheScope").asText().equals("public"));
        }

        /** Returns that of an answer which has both parts. */
        Freshness and(Freshness other) {
            return new Freshness(Math.min(ttlMillis, other.ttlMillis), isPublic && other.isPublic);
        }
    }

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
            remove(key);
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
     * @param size about how many bytes it takes up
     * @param since what {@link #changes} returned before the request
     */
    synchronized void put(String key, Object value, Freshness freshness, long size, long since) {
        if (!enabled || freshness.ttlMillis() <= 0 || since != changes || size > MAX_BYTES) {
            return;
        }
        remove(key);
        Iterator<String> oldest = entries.keySet().iterator();
        while (oldest.hasNext() && (entries.size() >= MAX_ENTRIES || bytes + size > MAX_BYTES)) {
            bytes -= entries.get(oldest.next()).bytes;
            oldest.remove();
        }
        bytes += size;
        long time = Math.min(freshness.ttlMillis(), MAX_TTL_MILLIS) * NANOS;
        entries.put(key, new Entry(value, freshness, size, nanoTime.getAsLong() + time));
    }

    private void remove(String key) {
        Entry old = entries.remove(key);
        if (old != null) {
            bytes -= old.bytes;
        }
    }

    /** Forgets answers that may have changed. */
    synchronized void forget(Predicate<String> keys) {
        forgetEntries(entry -> keys.test(entry.getKey()));
    }

    /** Forgets the answers that are only for the credentials that were used. */
    synchronized void forgetPrivate() {
        forgetEntries(entry -> !entry.getValue().freshness.isPublic());
    }

    private void forgetEntries(Predicate<Map.Entry<String, Entry>> which) {
        changes++;
        entries.entrySet().removeIf(entry -> {
            boolean isForgotten = which.test(entry);
            bytes -= isForgotten ? entry.getValue().bytes : 0;
            return isForgotten;
        });
    }
}
