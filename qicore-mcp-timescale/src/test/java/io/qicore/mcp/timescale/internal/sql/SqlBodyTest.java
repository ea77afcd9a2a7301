package io.qicore.mcp.timescale.internal.sql;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlBodyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN RETURN $1 + 1; END",
                "DECLARE r text := 'none'; n CONSTANT int = 5; BEGIN SELECT upper('id ' || id) INTO r FROM t WHERE id = $1;"
                        + " RETURN r; END;",
                "BEGIN IF a > 1 THEN RETURN 1; ELSIF a = 2 THEN b := 2; ELSE b[1] := 3; c.d := 4; END IF; RETURN 1; END",
                "BEGIN RETURN CASE WHEN a THEN b ELSE c END; END",
                "BEGIN CASE a WHEN 1 THEN RETURN 1; ELSE RETURN 2; END CASE; END",
                "BEGIN CASE WHEN a THEN RETURN 1; END CASE; END",
                "<<outer>> BEGIN FOR i IN 1..10 LOOP CONTINUE outer WHEN i > 5; END LOOP; RETURN i >> 2; END",
                "#variable_conflict use_column\nBEGIN FOR r IN SELECT * FROM t LOOP RETURN NEXT r; END LOOP; RETURN; END",
                "BEGIN WHILE a < 5 LOOP a := a + 1; EXIT; END LOOP; RETURN QUERY SELECT 1; END",
                "BEGIN FOREACH x IN ARRAY a LOOP PERFORM upper(x); END LOOP; NULL; END",
                "BEGIN BEGIN RETURN 1; EXCEPTION WHEN OTHERS THEN RAISE NOTICE '%', SQLERRM; RETURN 2; END; END",
                "DECLARE c CURSOR FOR SELECT 1; BEGIN OPEN c; FETCH c INTO x; CLOSE c; GET DIAGNOSTICS n = ROW_COUNT; END",
                // An argument may be named like a statement.
                "BEGIN RETURN copy || \"execute\"; END",
                "BEGIN copy := 'x'; RETURN call; END",
                "DECLARE copy int; BEGIN RETURN copy; END",
                "BEGIN RETURN E'a\\'b' || U&\"x\" || U&'\\0041'; END"
            })
    void plpgsqlThatReads_passes(String body) {
        assertThatCode(() -> SqlBody.names(body, "plpgsql")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN EXECUTE 'x'; END",
                "BEGIN EXECUTE('x'); END",
                "BEGIN RETURN QUERY EXECUTE 'x'; END",
                "BEGIN FOR r IN EXECUTE 'x' LOOP NULL; END LOOP; END",
                "DECLARE c refcursor; BEGIN OPEN c FOR EXECUTE 'x'; END",
                "BEGIN COPY t TO PROGRAM 'x'; END",
                "BEGIN LOAD 'x'; END",
                "BEGIN DO $x$ BEGIN NULL; END $x$; END",
                "BEGIN CALL p(); END",
                "BEGIN SET LOCAL search_path = x; END",
                "BEGIN COMMIT; END",
                "BEGIN IF true THEN COPY t TO PROGRAM 'x'; END IF; END",
                "BEGIN IF (SELECT 1 AS case) = 1 THEN COPY t TO PROGRAM 'x'; END IF; END",
                "BEGIN IF 1 = 1 case THEN COPY t TO PROGRAM 'x'; END IF; END",
                "BEGIN LOOP LISTEN x; END LOOP; END",
                "BEGIN WHILE true LOOP NOTIFY x; END LOOP; END",
                "BEGIN CASE 1 WHEN 1 THEN DELETE FROM t; ELSE LOCK t; END CASE; END",
                "BEGIN CASE 1 WHEN 1 THEN NULL; ELSE LOCK t; END CASE; END",
                "BEGIN NULL; EXCEPTION WHEN OTHERS THEN VACUUM; END",
                "<<a>> BEGIN <<b>> ANALYZE; END",
                "DECLARE a int; BEGIN DECLARE b int; BEGIN EXECUTE 'x'; END; END",
                "BEGIN PERFORM current_setting(x); END",
                "BEGIN IF x = E'then' THEN COPY t TO PROGRAM 'x'; END IF; END"
            })
    void plpgsqlThatMayDoMore_isRefused(String body) {
        assertRefused(body, "plpgsql");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT execute + 1",
                "WITH a AS (SELECT 1) TABLE a; SELECT $1.f",
                "(SELECT 1)",
                "VALUES (1);",
                ""
            })
    void sqlThatReads_passes(String body) {
        assertThatCode(() -> SqlBody.names(body, "sql")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY t TO PROGRAM 'x'",
                "SELECT 1; COPY t FROM PROGRAM 'x'",
                "LOAD 'x'",
                "DO 'x'",
                "INSERT INTO t VALUES (1) RETURNING 1",
                "SET x = 1",
                "SELECT current_setting($1)"
            })
    void sqlThatMayDoMore_isRefused(String body) {
        assertRefused(body, "sql");
    }

    private static void assertRefused(String body, String language) {
        assertThatThrownBy(() -> SqlBody.names(body, language))
                .isInstanceOfSatisfying(MCPToolError.class, e -> assertThatCode(() -> {
                            if (!e.is(TimescaleErrorCode.STATEMENT_NOT_ALLOWED)) {
                                throw e;
                            }
                        })
                        .doesNotThrowAnyException());
    }
}
