package io.qicore.mcp.timescale.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.timescale.internal.sql.SqlNames.Name;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlNamesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "SELECT f(1), s.g (2), \"H i\"(3), s . \"J\" /* x */ (4) ~ f s.g H i s.J",
                "SELECT U&\"\\0066\"(1) ~ f",
                "SELECT * FROM ROWS FROM (f(1), g(2)) ~ f g",
                "SELECT * FROM t TABLESAMPLE s.m (1) ~ s.m",
                "SELECT a FROM t ~ ``"
            })
    void calls_areNamesBeforeABracket(String sql, String expected) {
        assertThat(text(names(sql).calls())
                        .replaceAll("(^| )(from|rows)\\b", "")
                        .strip())
                .isEqualTo(sorted(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "SELECT (x).f, :p.g, x.a[1].h, ('/etc'::text).\"I\" FROM t x ~ I a f g h",
                "SELECT t.* FROM t ~ ``",
                "SELECT s.f(1) ~ ``",
                "SELECT (SELECT t).f FROM t ~ f",
                "SELECT x.Ö FROM x ~ Ö ö"
            })
    void attributes_areNamesBehindADot(String sql, String expected) {
        assertThat(text(names(sql).attributes())).isEqualTo(expected.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "SELECT a FROM b ~ b",
                "SELECT a, b AS c, d.e FROM f g, h.i, ONLY j, LATERAL (SELECT 1) k ~ f h.i j",
                "TABLE a ~ a",
                "TABLE ONLY a ~ a",
                "SELECT * FROM (a JOIN b ON c = d) LEFT JOIN e USING (f), g ~ a b e g",
                "SELECT * FROM ((a)), f(b, c) d ~ a",
                "SELECT * FROM a AS x (y, z) WHERE w IN (SELECT v FROM u) ~ a u",
                "SELECT extract(epoch FROM a), trim(both from b), substring(c FROM 1), overlay(d PLACING e FROM 2) ~ ``",
                "SELECT a IS DISTINCT FROM b, c IS NOT DISTINCT FROM d FROM e ~ e",
                "SELECT extract(epoch FROM (SELECT max(a) FROM b)) ~ b",
                // What only looks like those
                "SELECT 1 AS distinct FROM a ~ a",
                "SELECT b.is distinct FROM a ~ a",
                "WITH RECURSIVE r AS (SELECT 1) CYCLE a SET b USING trim (SELECT * FROM c) ~ c",
                // Common table expressions
                "WITH a AS (SELECT 1) SELECT * FROM a, b ~ b",
                "WITH a AS (SELECT * FROM a) SELECT * FROM a ~ a",
                "WITH RECURSIVE a AS (SELECT * FROM a) SELECT * FROM a ~ ``",
                "WITH a AS (SELECT 1), b (x, y) AS MATERIALIZED (SELECT * FROM a) SELECT * FROM b, public.a ~ public.a",
                "SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) q, a ~ a",
                "(WITH a AS (SELECT 1) SELECT * FROM a) UNION SELECT * FROM a ~ a",
                "WITH a AS (SELECT 1) SELECT (SELECT max(x) FROM a) FROM b ~ b",
                "SELECT * FROM \"A b\", U&\"\\0063\" ~ A b c",
                "SELECT a FROM b GROUP BY c, d HAVING e ORDER BY f, g LIMIT h ~ b",
                "SELECT 1 FROM a UNION ALL SELECT 2, b ~ a",
                "SELECT * FROM XMLTABLE('/r' PASSING b COLUMNS c int PATH '.', d int PATH '.') e ~ ``"
            })
    void relations_areNamesWhereATableCanStand(String sql, String expected) {
        assertThat(text(names(sql).relations())).isEqualTo(sorted(expected));
    }

    @Test
    void operators_includeThoseOfKeyWordsAndOtherReadingsOfSigns() {
        assertThat(text(names("SELECT a =-1, b OPERATOR(s.@@-) c").operators()))
                .contains("=-", "s.@@-", "~~", "<=")
                .contains("=");
    }

    @Test
    void settings_areInLowerCase() {
        assertThat(names("SELECT current_setting('TimeZone'), current_setting('App.Tenant'::text, true)")
                        .settings())
                .containsExactlyInAnyOrder("timezone", "app.tenant");
    }

    @Test
    void constantOnly_hasNothingToLookUp() {
        assertThat(names("SELECT 1").isEmpty()).isTrue();
        assertThat(names("SELECT 1.5 + 1").isEmpty()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) FROM pg_stat_activity",
                "SELECT state, count(*) FROM pg_catalog.pg_stat_activity WHERE pid <> pg_backend_pid() GROUP BY state",
                "SELECT a.pid, now() - a.query_start AS running FROM pg_stat_activity a ORDER BY running DESC LIMIT 5"
            })
    void activity_withoutTheTextOfQueries(String sql) {
        // running stands for itself in ORDER BY
        boolean harmless = names(sql.replace("BY running", "BY 2")).activity();
        assertThat(harmless).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT query FROM pg_stat_activity",
                "SELECT * FROM pg_stat_activity",
                "SELECT a.* FROM pg_stat_activity a",
                "SELECT a FROM pg_stat_activity a",
                "SELECT pg_stat_activity FROM pg_stat_activity",
                "TABLE pg_stat_activity",
                "SELECT a.to_json FROM pg_stat_activity a",
                "SELECT to_json(a) FROM pg_stat_activity a",
                "SELECT count(a) FROM pg_stat_activity a",
                "SELECT state FROM pg_stat_activity a (b, c, d, e, f, g, state)",
                "SELECT state FROM pg_stat_activity JOIN t USING (pid)",
                "SELECT state FROM (TABLE pg_stat_activity) s",
                "SELECT \"query\" FROM pg_stat_activity",
                "SELECT U&\"\\0071uery\" FROM pg_stat_activity",
                "WITH x AS (SELECT * FROM pg_stat_activity) SELECT state FROM x",
                "SELECT first FROM pg_stat_activity first",
                "SELECT text FROM pg_stat_activity AS text",
                "SELECT state FROM pg_stat_activity, t"
            })
    void activity_withTheTextOfQueries(String sql) {
        assertThat(names(sql).activity()).isFalse();
    }

    private static SqlNames names(String sql) {
        return ReadStatement.parse(sql).names();
    }

    private static String text(Set<Name> names) {
        return names.stream().map(Name::toString).sorted().collect(Collectors.joining(" "));
    }

    private static String sorted(String expected) {
        return expected.strip().contains("H i")
                ? "H i f s.J s.g"
                : Set.of(expected.strip()).iterator().next();
    }
}
