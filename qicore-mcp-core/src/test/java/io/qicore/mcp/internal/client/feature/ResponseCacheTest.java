package io.qicore.mcp.internal.client.feature;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.client.feature.ResponseCache.Freshness;
import io.qicore.mcp.internal.json.Json;
import org.junit.jupiter.api.Test;

class ResponseCacheTest {

    private long now;
    private final ResponseCache cache = new ResponseCache(true, () -> now);

    private void put(String key, Object value, long ttl) {
        cache.put(key, value, new Freshness(ttl, false), 1, cache.changes());
    }

    @Test
    void answer_isKeptForItsTime() {
        put("k", "v", 10);
        now += 9_999_999;
        assertThat(cache.get("k", String.class)).isEqualTo("v");
        now += 1;
        assertThat(cache.get("k", String.class)).isNull();
    }

    @Test
    void answerWithoutATime_isNotKept() {
        for (long ttl : new long[] {0, -1, Long.MIN_VALUE}) {
            put("k", "v", ttl);
            assertThat(cache.get("k", String.class)).isNull();
        }
    }

    @Test
    void freshness_isReadStrictly() {
        ObjectNode result = Json.object();
        assertThat(Freshness.of(result)).isEqualTo(new Freshness(0, false));
        assertThat(Freshness.of(result.put("ttlMs", "5").put("cacheScope", "Public")))
                .isEqualTo(new Freshness(0, false));
        assertThat(Freshness.of(result.put("ttlMs", 5).put("cacheScope", "public")))
                .isEqualTo(new Freshness(5, true));
        assertThat(Freshness.of(result.put("ttlMs", new java.math.BigInteger("18446744073709551617"))))
                .isEqualTo(new Freshness(0, true));
        assertThat(Freshness.LONGEST.and(new Freshness(7, true)).and(new Freshness(9, false)))
                .isEqualTo(new Freshness(7, false));
    }

    @Test
    void endlessTime_isCutOff() {
        put("k", "v", Long.MAX_VALUE);
        now += 25L * 60 * 60 * 1_000_000_000;
        assertThat(cache.get("k", String.class)).isNull();
    }

    @Test
    void answerToARequestBeforeAChange_isNotKept() {
        long before = cache.changes();
        cache.forget("k"::equals);
        cache.put("k", "old", new Freshness(1_000, true), 1, before);
        assertThat(cache.get("k", String.class)).isNull();
        put("k", "new", 1_000);
        put("l", "other", 1_000);
        cache.forget("k"::equals);
        assertThat(cache.get("k", String.class)).isNull();
        assertThat(cache.get("l", String.class)).isEqualTo("other");
    }

    @Test
    void otherCredentials_forgetWhatIsNotPublic() {
        long before = cache.changes();
        cache.put("private", "p", new Freshness(1_000, false), 1, before);
        cache.put("public", "q", new Freshness(1_000, true), 1, before);
        cache.forgetPrivate();
        assertThat(cache.get("private", String.class)).isNull();
        assertThat(cache.get("public", String.class)).isEqualTo("q");
        // It was asked for with the old credentials.
        cache.put("private", "p", new Freshness(1_000, false), 1, before);
        assertThat(cache.get("private", String.class)).isNull();
    }

    @Test
    void numberOfAnswers_isBounded() {
        for (int i = 0; i < 5_000; i++) {
            put("k" + i, i, 1_000);
        }
        assertThat(kept(5_000)).isEqualTo(1_000);
    }

    @Test
    void memory_isBounded() {
        for (int i = 0; i < 20; i++) {
            cache.put("k" + i, i, new Freshness(1_000, true), 10 << 20, cache.changes());
        }
        assertThat(kept(20)).isEqualTo(6);
        assertThat(cache.get("k19", Integer.class)).isEqualTo(19);
        cache.put("huge", 1, new Freshness(1_000, true), 100 << 20, cache.changes());
        assertThat(cache.get("huge", Integer.class)).isNull();
        // What is replaced or forgotten makes room.
        cache.forget(key -> true);
        for (int i = 0; i < 20; i++) {
            cache.put("same", i, new Freshness(1_000, true), 60 << 20, cache.changes());
        }
        assertThat(cache.get("same", Integer.class)).isEqualTo(19);
    }

    private int kept(int of) {
        int kept = 0;
        for (int i = 0; i < of; i++) {
            kept += cache.get("k" + i, Integer.class) == null ? 0 : 1;
        }
        return kept;
    }
}
