package io.qicore.mcp.timescale.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadStatementTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1; SELECT 2",
                "COMMIT",
                "EXPLAIN SELECT 1",
                "WITH d AS (DELETE FROM t RETURNING *) TABLE d",
                "SELECT 1 INTO x",
                "TABLE t FOR UPDATE",
                "SELECT current_setting('data_' || 'directory')",
                "SELECT current_setting(:name)",
                "SELECT ('app.secret'::text).current_setting",
                "SELECT pg_catalog.\"current_setting\"(x) FROM y",
                "SELECT U&\"current!005fsetting\" UESCAPE '!' (x) FROM y"
            })
    void statementThatReachesBeyondReading_isNotAllowed(String sql) {
        assertThat(failure(sql).is(TimescaleErrorCode.STATEMENT_NOT_ALLOWED)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*), max(x), first(p, t), time_bucket('1h', t), candlestick_agg(t, p, v) FROM x",
                "((SELECT 1))",
                "SELECT 'pg_sleep(1)', $$; DROP$$",
                "SELECT pg_sleep FROM x",
                "SELECT x.delete, (update) FROM x",
                "SELECT * FROM _timescaledb_internal._hyper_1_1_chunk",
                "SELECT current_setting('TimeZone'), current_setting(U&'app\\002ex'::text, true), pg_size_pretty(1::bigint), now()",
                "SELECT locf(avg(x)), interpolate(avg(x)) FROM x"
            })
    void ordinaryReading_isAllowed(String sql) {
        assertThatCode(() -> ReadStatement.parse(sql)).doesNotThrowAnyException();
    }

    @Test
    void trailingSemicolonAndComments_areDropped() {
        assertThat(ReadStatement.parse("SELECT 1 ; /* x */ ; -- y").parameters().jdbcText())
                .isEqualTo("SELECT 1");
    }

    @Test
    void parameters_becomePlaceholders_andOperatorsKeepTheirMarks() {
        NamedParameters parameters = ReadStatement.parse("SELECT doc ?| :keys AND doc ? :k::text, ':no', :keys")
                .parameters();
        assertThat(parameters.jdbcText()).isEqualTo("SELECT doc ??| ? AND doc ?? ?::text, ':no', ?");
        assertThat(parameters.placeholders()).containsExactly("keys", "k", "keys");
    }

    @Test
    void position_isThatOfTheOriginalText() {
        // The server sees: SELECT $1 , $2 , bad
        NamedParameters parameters =
                ReadStatement.parse("SELECT :first , :x , bad").parameters();
        assertThat(parameters.originalPosition("SELECT $1 , $2 , bad".indexOf("bad") + 1))
                .isEqualTo("SELECT :first , :x , bad".indexOf("bad") + 1);
        assertThat(parameters.originalPosition(8)).isEqualTo(8);
    }

    @Test
    void valuesThatDoNotFit_areNamed() {
        NamedParameters parameters = ReadStatement.parse("SELECT :a").parameters();
        assertThatCode(() -> parameters.check(Set.of("a"))).doesNotThrowAnyException();
        assertThat(catchThrowableOfType(MCPToolError.class, () -> parameters.check(Set.of())))
                .matches(e -> e.is(StandardErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(":a");
        assertThat(catchThrowableOfType(MCPToolError.class, () -> parameters.check(Set.of("a", "b"))))
                .hasMessageContaining("'b'")
                .hasMessageContaining(":a");
    }

    @Test
    void tooManyParameters_areRefused() {
        assertThat(failure("SELECT " + ":a,".repeat(1000) + ":a")).hasMessageContaining("ANY(:list)");
    }

    private static MCPToolError failure(String sql) {
        return catchThrowableOfType(MCPToolError.class, () -> ReadStatement.parse(sql));
    }
}
