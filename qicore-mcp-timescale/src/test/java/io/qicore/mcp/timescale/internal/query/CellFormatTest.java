package io.qicore.mcp.timescale.internal.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellFormatTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int8 | -9223372036854775808 | \"-9223372036854775808\"",
                "int8 | 9007199254740992 | \"9007199254740992\"",
                "int8 | -9007199254740991 | -9007199254740991",
                "numeric | 1.500 | 1.5",
                "numeric | 1000000 | 1000000",
                "numeric | 0.000 | 0",
                "numeric | 999999999999999 | 999999999999999",
                "numeric | 9999999999999999 | \"9999999999999999\"",
                "numeric | Infinity | \"Infinity\"",
                "float8 | -Infinity | \"-Infinity\"",
                "float8 | 1e+20 | 1.0E20",
                "timestamptz | 2026-01-01T00:00:00+00:00 | \"2026-01-01T00:00:00Z\"",
                "timestamptz | 2026-01-01 10:00:00.5+00 | \"2026-01-01T10:00:00.5Z\"",
                "timestamptz | 0044-03-15 10:00:00+00 BC | \"0044-03-15T10:00:00Z BC\"",
                "timestamp | 2026-01-01 10:00:00 | \"2026-01-01T10:00:00\"",
                "timestamp | -infinity | \"-infinity\"",
                "timestamptz | infinity | \"infinity\"",
                "jsonb | {\"a\":0.1234567890123456789} | {\"a\":0.1234567890123456789}",
                "json | [[ | \"[[\"",
                "_int4 | [1,null] | [1,null]",
                "text | true | \"true\"",
                "bool | false | false"
            })
    void text_becomesJson(String type, String text, String json) {
        assertThat(CellFormat.of(type).toJson(text)).hasToString(json);
    }

    @Test
    void null_isJsonNull() {
        for (CellFormat format : CellFormat.values()) {
            assertThat(format.toJson(null).isNull()).isTrue();
        }
    }

    @Test
    void valueThatCanBeLong_isCutBehindTheLimit() {
        for (CellFormat format : CellFormat.values()) {
            if (format.widest(1_000_000) > 64) {
                assertThat(format.sql("c0", 10)).containsPattern("left\\(.*c0.*, 11\\)");
            }
        }
    }
}
