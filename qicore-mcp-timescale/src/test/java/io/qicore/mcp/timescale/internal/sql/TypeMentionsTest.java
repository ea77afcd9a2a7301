package io.qicore.mcp.timescale.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.timescale.internal.sql.SqlNames.Name;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypeMentionsTest {

    private static TypeMentions of(String sql) {
        return ReadStatement.parse(sql).types();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT x::s.t",
                "SELECT x :: \"s\" . /* c */ t [] FROM r",
                "SELECT CAST(x AS s.t)",
                "SELECT s.t '1'",
                "SELECT s.t E'1'",
                "SELECT 'a' COLLATE s.t",
                "SELECT JSON_VALUE(j, '$' RETURNING s.t)",
                "SELECT * FROM f() AS g (c s.t)",
                "SELECT * FROM f() AS g (\"c\" s.t, d int)",
                "SELECT * FROM f() AS g (c SETOF s.t)"
            })
    void typeWithASchema_isFound(String sql) {
        assertThat(of(sql).types()).containsExactly(new Name("s", "t"));
    }

    @Test
    void everySchemaOfALongName_isFound() {
        assertThat(of("SELECT x::d.s.t").types()).containsExactlyInAnyOrder(new Name("d", "s"), new Name("s", "t"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT s.t FROM r s",
                "SELECT DISTINCT s.t, s.u, (s.v), -s.w, count(s.x) FROM r s WHERE s.t AND s.u OR NOT s.v",
                "SELECT s.t AS u FROM r s JOIN q.p x ON s.t = x.t GROUP BY s.t HAVING s.t > 1 ORDER BY s.t",
                "SELECT CASE s.t WHEN s.u THEN s.v ELSE s.w END FROM r s",
                "SELECT s.t BETWEEN s.u AND s.v, s.t LIKE s.u, s.t IN (s.u, s.v), s.t IS DISTINCT FROM s.u FROM r s",
                "SELECT extract(epoch FROM s.t), trim(both FROM s.t), s.t AT TIME ZONE s.z FROM r s",
                "SELECT row_number() OVER (PARTITION BY s.t ORDER BY s.u) FROM r s",
                "SELECT ARRAY[s.t], ROW(s.t, s.u), s.t::text FROM r s, LATERAL f(s.t) LIMIT 3"
            })
    void columnWithAnAlias_isNotAType(String sql) {
        assertThat(of(sql).types()).isEmpty();
        assertThat(of(sql).system()).isEmpty();
    }

    @Test
    void namesOfTheCatalogue_areFound() {
        for (String sql : List.of(
                "SELECT 1::regclass",
                "SELECT 1::REGCLASS",
                "SELECT 1::\"regclass\"",
                "SELECT 1::_regtype",
                "SELECT 1::U&\"r\\0065gclass\"",
                "SELECT * FROM pg_class",
                "SELECT * FROM pg_catalog.pg_class",
                "SELECT NULL::__pg_type",
                "SELECT 1::regdictionary",
                "SELECT pg_sleep(1)")) {
            assertThat(of(sql).system()).as(sql).isPresent();
        }
        for (String sql :
                List.of("SELECT 1::pg_catalog.int4", "SELECT to_tsvector('english', 'x')", "SELECT 'regclass'")) {
            assertThat(of(sql).system()).as(sql).isEmpty();
        }
    }
}
