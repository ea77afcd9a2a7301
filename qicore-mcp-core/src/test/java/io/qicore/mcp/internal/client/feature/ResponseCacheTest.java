package io.qicore.mcp.internal.client.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.internal.json.Json;
import org.junit.jupiter.api.Test;

class ResponseCacheTest {

    private long now;
    private final ResponseCache cache = new ResponseCache(true, () -> now);

    @Test
    void answer_isKeptForItsTime() {
        cache.put("k", "v", 10, cache.changes());
        now += 9_999_999;
        assertThat(cache.get("k", String.class)).isEqualTo("v");
        now += 1;
        assertThat(cache.get("k", String.class)).isNull();
    }

    @Test
    void answerWithoutATime_isNotKept() {
        for (long ttl : new long[] {0, -1, Long.MIN_VALUE}) {
            cache.put("k", "v", ttl, cache.changes());
            assertThat(cache.get("k", String.class)).isNull();
        }
        assertThat(ResponseCache.ttl(Json.object())).isZero();
        assertThat(ResponseCache.ttl(Json.object().put("ttlMs", "5"))).isZero();
        assertThat(ResponseCache.ttl(Json.object().put("ttlMs", 5))).isEqualTo(5);
    }

    @Test
    void endlessTime_isCutOff() {
        cache.put("k", "v", Long.MAX_VALUE, cache.changes());
        now += 25L * 60 * 60 * 1_000_000_000;
        assertThat(cache.get("k", String.class)).isNull();
    }

    @Test
    void answerToARequestBeforeAChange_isNotKept() {
        long before = cache.changes();
        cache.forget("k"::equals);
        cache.put("k", "old", 1_000, before);
        assertThat(cache.get("k", String.class)).isNull();
        cache.put("k", "new", 1_000, cache.changes());
        cache.put("l", "other", 1_000, cache.changes());
        cache.forget("k"::equals);
        assertThat(cache.get("k", String.class)).isNull();
        assertThat(cache.get("l", String.class)).isEqualTo("other");
    }

    @Test
    void size_isBounded() {
        for (int i = 0; i < 5_000; i++) {
            cache.put("k" + i, i, 1_000, cache.changes());
        }
        int kept = 0;
        for (int i = 0; i < 5_000; i++) {
            kept += cache.get("k" + i, Integer.class) == null ? 0 : 1;
        }
        assertThat(kept).isEqualTo(1_000);
    }
}
