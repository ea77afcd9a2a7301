package io.qicore.mcp.tool.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanHashTest {

    @Test
    void samePlan_hasTheSameHashOnEveryReplica() {
        // Pinned: replicas of two releases have to agree while one replaces the other.
        assertThat(PlanHash.of("delete_topic", "orders", 3, true, List.of("billing")))
                .isEqualTo("76Mzm_xlG6WTWO35");
    }

    @Test
    void anyPart_makesAnotherHash() {
        assertThat(List.of(
                        PlanHash.of("a", "b", "c"),
                        PlanHash.of("x", "b", "c"),
                        PlanHash.of("a", "bc"),
                        PlanHash.of("a", "c", "b"),
                        PlanHash.of("a", "b", "c", null),
                        PlanHash.of("a", List.of("b", "c")),
                        PlanHash.of("a")))
                .doesNotHaveDuplicates()
                .allMatch(hash -> hash.matches("[A-Za-z0-9_-]{16}"));
    }
}
