package io.qicore.mcp.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamePatternsTest {

    @Test
    void exactNamesAndPatterns_match() {
        NamePatterns patterns = NamePatterns.of("topics", List.of(" payments ", "orders-*", "v?.log"));

        assertThat(List.of("payments", "orders-", "orders-eu", "v1.log")).allMatch(patterns::match);
        assertThat(List.of("payment", "my-orders-eu", "v12.log", "v1xlog", "")).noneMatch(patterns::match);
        assertThat(patterns.patterns()).containsExactly("payments", "orders-*", "v?.log");
        assertThat(patterns).hasToString("payments,orders-*,v?.log");
        assertThat(NamePatterns.ALL.match("anything")).isTrue();
    }

    @Test
    void runsOfStars_areMatchedInTime() {
        NamePatterns patterns = NamePatterns.of("topics", List.of("a" + "*".repeat(50) + "b"));

        assertThat(patterns.match("a" + "x".repeat(10_000))).isFalse();
        assertThat(patterns.match("a" + "x".repeat(10_000) + "b")).isTrue();
    }

    @Test
    void prefix_canBeginAnAllowedName() {
        NamePatterns patterns = NamePatterns.of("topics", List.of("a.*", "exact", "?-*-x", "**z"));

        assertThat(List.of("", "a", "a.", "a.b", "ex", "exact", "b-", "b-secret", "anything"))
                .allMatch(patterns::canMatchPrefix);
        NamePatterns narrow = NamePatterns.of("topics", List.of("a.*", "exact", "?-*-x"));
        assertThat(List.of("b", "b-secret", "a.b.c")).allMatch(narrow::canMatchPrefix);
        assertThat(List.of("bb", "exacts", "A.", "bb-")).noneMatch(narrow::canMatchPrefix);
        assertThat(NamePatterns.NONE.canMatchPrefix("")).isFalse();
        assertThat(NamePatterns.ALL.isAll()).isTrue();
        assertThat(narrow.isAll()).isFalse();
    }

    @Test
    void emptyListOrEntry_isRefused() {
        for (List<String> wrong : List.of(List.<String>of(), List.of("a", " "))) {
            assertThatThrownBy(() -> NamePatterns.of("topics", wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("topics");
        }
    }
}
