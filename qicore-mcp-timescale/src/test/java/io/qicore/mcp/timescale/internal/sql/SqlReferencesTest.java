package io.qicore.mcp.timescale.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.timescale.internal.sql.SqlReferences.Name;
import io.qicore.mcp.tool.MCPToolError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlReferencesTest {

    @Test
    void namesInFrontOfBrackets_areCalls() {
        SqlReferences references = in("SELECT f(1), s.g (2), \"H i\"(3), s . \"J\" /* x */ (4)");
        assertThat(references.calls())
                .containsExactlyInAnyOrder(
                        new Name("", "f"), new Name("s", "g"), new Name("", "H i"), new Name("s", "J"));
        assertThat(references.relations()).isEmpty();
    }

    @Test
    void wordsAreFolded_andQuotedNamesAreNot() {
        assertThat(in("SELECT My_F(1), \"My_F\"(1)").calls())
                .containsExactlyInAnyOrder(new Name("", "my_f"), new Name("", "My_F"));
    }

    /** {@code row.f}, however the row is written, can be the call {@code f(row)}. */
    @ParameterizedTest
    @ValueSource(
            strings = {"SELECT t.f FROM t", "SELECT (t).f FROM t", "SELECT (SELECT t FROM t).f", "SELECT a.b.f FROM a.b"
            })
    void namesBehindADot_areAttributes(String sql) {
        assertThat(in(sql).attributes()).contains(new Name("", "f"));
    }

    @Test
    void anyNameOfAStatementThatReads_canBeARelation() {
        assertThat(in("SELECT x FROM s.t JOIN \"U v\" ON true").relations())
                .contains(new Name("s", "t"), new Name("", "U v"), new Name("", "x"));
        assertThat(in("TABLE s.t").relations()).contains(new Name("s", "t"));
        assertThat(in("SELECT 1 AS t").relations()).isEmpty();
    }

    @Test
    void textInQuotesAndComments_isNoReference() {
        assertThat(in("SELECT 'f(1)', $$ g(2) $$, /* h(3) */ 1 -- i(4)").isEmpty())
                .isTrue();
    }

    @Test
    void name_isMeant_withItsSchemaOrOnThePath() {
        Name plain = new Name("", "f");
        assertThat(plain.matches("s", "f", true)).isTrue();
        assertThat(plain.matches("s", "f", false)).isFalse();
        Name qualified = new Name("s", "f");
        assertThat(qualified.matches("s", "f", false)).isTrue();
        assertThat(qualified.matches("other", "f", true)).isFalse();
        assertThat(qualified.matches("s", "g", true)).isFalse();
        assertThat(qualified).hasToString("s.f");
        assertThat(plain).hasToString("f");
    }

    @Test
    void bodyOfAFunction_isReadAsAStatementIs() {
        SqlReferences references =
                SqlReferences.inBody("DECLARE r text; BEGIN SELECT upper(x) INTO r FROM s.t; RETURN s.g(r); END");
        assertThat(references.calls()).contains(new Name("", "upper"), new Name("s", "g"));
        assertThat(references.relations()).contains(new Name("s", "t"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BEGIN PERFORM pg_advisory_lock(42); END | holds a lock",
                "BEGIN PERFORM \"pg_advisory_lock\"(42); END | holds a lock",
                "BEGIN PERFORM pg_catalog . pg_advisory_lock (42); END | holds a lock",
                "SELECT pg_read_file('x') | files of the server",
                "SELECT _timescaledb_functions.drop_chunk('c') | internal to TimescaleDB",
                "BEGIN EXECUTE $1; END | runs SQL that it makes itself",
                "BEGIN Execute format($1, x) INTO y; END | runs SQL that it makes itself",
            })
    void bodyThatDoesWhatNoStatementMay_isRefused(String body, String why) {
        assertThat(SqlReferences.refusal(body))
                .hasValueSatisfying(reason -> assertThat(reason).contains(why));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT $1 + 1",
                "BEGIN -- pg_advisory_lock(1)\n RETURN 'EXECUTE'; END",
                "SELECT t.execute FROM t",
                "SELECT _timescaledb_functions.cagg_watermark(3), _timescaledb_functions.to_timestamp(1)",
            })
    void harmlessBody_isNotRefused(String body) {
        assertThat(SqlReferences.refusal(body)).isEmpty();
    }

    @Test
    void bodyThatCannotBeRead_isAnError() {
        assertThatThrownBy(() -> SqlReferences.inBody("SELECT 'open")).isInstanceOf(MCPToolError.class);
    }

    private static SqlReferences in(String sql) {
        return ReadStatement.parse(sql).references();
    }
}
