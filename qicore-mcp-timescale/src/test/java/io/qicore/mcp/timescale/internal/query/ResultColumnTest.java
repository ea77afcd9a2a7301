package io.qicore.mcp.timescale.internal.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.qicore.mcp.timescale.internal.connect.Session;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.core.Field;
import org.postgresql.core.Oid;

class ResultColumnTest {

    private static final int CUT = JsonRows.MAX_CELL_CHARACTERS + 1;

    /** A modifier is precision × 65536 + scale (11 bits) + 4, or length + 4. */
    @ParameterizedTest
    @CsvSource({
        Oid.NUMERIC + ", " + (20 * 65536 + 8 + 4) + ", 31",
        Oid.NUMERIC + ", " + (2 * 65536 + (-3 & 0x7ff) + 4) + ", 8",
        Oid.VARCHAR + ", " + (10 + 4) + ", 10"
    })
    void declaredLength_savesCutting(int oid, int modifier, int longest) throws Exception {
        ResultColumn column = column(oid, modifier);

        assertThat(column.longest()).isEqualTo(longest);
        assertThat(column.sql("c0")).isEqualTo("c0");
    }

    @ParameterizedTest
    @CsvSource({
        Oid.NUMERIC + ", -1",
        Oid.VARCHAR + ", -1",
        Oid.VARCHAR + ", " + (1_000_000 + 4),
        Oid.TEXT + ", -1",
        Oid.BPCHAR + ", " + (10 + 4),
        Oid.JSONB + ", -1"
    })
    void valueWithoutUsefulLength_isCutByTheServer(int oid, int modifier) throws Exception {
        ResultColumn column = column(oid, modifier);

        assertThat(column.longest()).isEqualTo(CUT);
        assertThat(column.sql("c0")).contains("CAST(").endsWith(" AS pg_catalog.varchar(" + CUT + "))");
    }

    private static ResultColumn column(int oid, int modifier) throws Exception {
        Field field = new Field("column", oid, (short) -1, modifier);
        return ResultColumn.of(new Field[] {field}, mock(Session.class)).get(0);
    }
}
