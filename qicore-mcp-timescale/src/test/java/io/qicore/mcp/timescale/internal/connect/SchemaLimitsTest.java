package io.qicore.mcp.timescale.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaLimitsTest {

    private static SchemaLimits of(String... patterns) {
        return SchemaLimits.of(
                Caller.of("narrow").withLimits(Map.of(Caller.SCHEMAS, NamePatterns.of("schemas", List.of(patterns)))));
    }

    @Test
    void noLimits_addNothing() {
        SchemaLimits none = SchemaLimits.of(Caller.ANONYMOUS);
        assertThat(none.isEmpty()).isTrue();
        assertThat(none.and("n.nspname")).isEmpty();
        assertThat(none.shown("x.t")).isEqualTo("x.t");
        assertThat(of("*").isEmpty()).isTrue();
        none.requireNone("a tool");
    }

    @Test
    void condition_hasPatternsAsPostgresReadsThem() {
        assertThat(of("a", "b_*", "50%?", "it's", "a\\b").and("n.nspname"))
                .isEqualTo(" AND (n.nspname OPERATOR(pg_catalog.~~) 'a' OR n.nspname OPERATOR(pg_catalog.~~) 'b\\_%'"
                        + " OR n.nspname OPERATOR(pg_catalog.~~) '50\\%_' OR n.nspname OPERATOR(pg_catalog.~~) 'it''s'"
                        + " OR n.nspname OPERATOR(pg_catalog.~~) 'a\\\\b')");
        SchemaLimits nothing = SchemaLimits.of(Caller.of("none").withLimits(Map.of(Caller.SCHEMAS, NamePatterns.NONE)));
        assertThat(nothing.and("n.nspname")).isEqualTo(" AND false");
        assertThat(nothing.toString()).startsWith("no schema (a limit of its API key or access token");
    }

    @Test
    void types_areShownIfTheirSchemaIs() {
        SchemaLimits limits = of("a", "q\"x.y");
        assertThat(List.of("integer", "numeric(20,8)", "pg_catalog.int4", "a.mood[]", "\"q\"\"x.y\".t", "\"a.b\""))
                .allMatch(type -> limits.shown(type).equals(type));
        assertThat(List.of("b.mood", "\"b-secret\".mood[]", "\"a.b\".t", "\"a\"\"\".t"))
                .allMatch(type -> limits.shown(type).equals(SchemaLimits.HIDDEN));
    }

    @Test
    void toolAboutAllSchemas_isRefused() {
        assertThatThrownBy(() -> of("a", "b").requireNone("get_top_queries"))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("schemas a, b");
    }
}
