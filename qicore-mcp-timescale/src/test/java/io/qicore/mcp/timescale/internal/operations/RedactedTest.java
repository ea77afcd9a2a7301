package io.qicore.mcp.timescale.internal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedactedTest {

    @Test
    void constantsAndComments_areLeftOut() {
        assertThat(Redacted.sql("SELECT * FROM t1 /* secret */ WHERE a = 'o''hara'  AND b > 4.5e3 -- secret"))
                .isEqualTo("SELECT * FROM t1 WHERE a = ? AND b > ?");
        assertThat(Redacted.sql("/* don't */ SELECT 'secret'")).isEqualTo("SELECT ?");
        assertThat(Redacted.sql("INSERT INTO t VALUES ('cut off")).isEqualTo("INSERT INTO t VALUES (?");
        assertThat(Redacted.sql("SELECT $1, \"col 2\"")).isEqualTo("SELECT $1, \"col 2\"");
    }

    @Test
    void whatMayHideAnEndOfAString_isCutAfterItsFirstWord() {
        assertThat(Redacted.sql("SELECT E'a\\'b', 'secret'")).isEqualTo("SELECT …");
        assertThat(Redacted.sql("SELECT /* /* don't */ */ 'secret'")).isEqualTo("SELECT …");
        assertThat(Redacted.sql("DO $x$ secret $x$")).isEqualTo("DO …");
    }

    @Test
    void longAndMissing_areShortAndMissing() {
        assertThat(Redacted.sql("SELECT " + "a,".repeat(500))).hasSize(301).endsWith("…");
        assertThat(Redacted.sql(null)).isNull();
        assertThat(Redacted.sql(" ")).isNull();
    }
}
