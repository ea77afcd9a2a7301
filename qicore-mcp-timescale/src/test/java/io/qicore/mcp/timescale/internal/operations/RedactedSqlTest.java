package io.qicore.mcp.timescale.internal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedactedSqlTest {

    @Test
    void constantsAndComments_areLeftOut() {
        assertThat(RedactedSql.sql("SELECT * FROM t1 /* secret */ WHERE a = 'o''hara'  AND b > 4.5e3 -- secret"))
                .isEqualTo("SELECT * FROM t1 WHERE a = ? AND b > ?");
        assertThat(RedactedSql.sql("/* don't */ SELECT 'secret'")).isEqualTo("SELECT ?");
        assertThat(RedactedSql.sql("INSERT INTO t VALUES ('cut off")).isEqualTo("INSERT INTO t VALUES (?");
        assertThat(RedactedSql.sql("SELECT $1, \"col 2\"")).isEqualTo("SELECT $1, \"col 2\"");
    }

    @Test
    void whatMayHideAnEndOfAString_isCutAfterItsFirstWord() {
        assertThat(RedactedSql.sql("SELECT E'a\\'b', 'secret'")).isEqualTo("SELECT …");
        assertThat(RedactedSql.sql("SELECT /* /* don't */ */ 'secret'")).isEqualTo("SELECT …");
        assertThat(RedactedSql.sql("DO $x$ secret $x$")).isEqualTo("DO …");
    }

    @Test
    void longAndMissing_areShortAndMissing() {
        assertThat(RedactedSql.sql("SELECT " + "a,".repeat(500))).hasSize(301).endsWith("…");
        assertThat(RedactedSql.sql(null)).isNull();
        assertThat(RedactedSql.sql(" ")).isNull();
    }
}
