package io.qicore.mcp.timescale.internal.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.StringWriter;
import java.util.List;
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
                "int8 | 9007199254740991 | 9007199254740991",
                "int8 | -9007199254740991 | -9007199254740991",
                "numeric | 1.500 | 1.5",
                "numeric | 1000000 | 1000000",
                "numeric | 0.000 | 0",
                "numeric | -0.5 | -0.5",
                "numeric | 999999999999999 | 999999999999999",
                "numeric | 9007199254740991 | 9007199254740991",
                "numeric | 9999999999999999 | \"9999999999999999\"",
                "numeric | 1234567890.1234567 | \"1234567890.1234567\"",
                "numeric | Infinity | \"Infinity\"",
                "float8 | -Infinity | \"-Infinity\"",
                "float8 | 1e+20 | 1e+20",
                "float8 | 1 | 1.0",
                "float8 | -0 | -0.0",
                "float8 | 12345678.9 | 12345678.9",
                "timestamptz | 2026-01-01T00:00:00+00:00 | \"2026-01-01T00:00:00Z\"",
                "timestamptz | 2026-01-01 10:00:00.5+00 | \"2026-01-01T10:00:00.5Z\"",
                "timestamptz | 0044-03-15 10:00:00+00 BC | \"0044-03-15T10:00:00Z BC\"",
                "timestamp | 2026-01-01 10:00:00 | \"2026-01-01T10:00:00\"",
                "timestamp | -infinity | \"-infinity\"",
                "timestamptz | infinity | \"infinity\"",
                "bytea | \\x00ff | \"AP8=\"",
                "timestamptz | \\x0000000000000000 | \"2000-01-01T00:00:00Z\"",
                "timestamptz | \\x7fffffffffffffff | \"infinity\"",
                "timestamptz | \\xffffffffffffffff | \"1999-12-31T23:59:59.999999Z\"",
                "jsonb | {\"a\":0.1234567890123456789} | {\"a\":\"0.1234567890123456789\"}",
                "json | [[ | \"[[\"",
                "json | {\"b\": 1.10, \"a\": 1e2} | {\"b\":1.10,\"a\":1e2}",
                "json | {\"a\":1,\"a\":2} | \"{\\\"a\\\":1,\\\"a\\\":2}\"",
                "json | [1e9999,-1e-9999,9007199254740993] | [\"1e9999\",\"-1e-9999\",\"9007199254740993\"]",
                "json | [0e99999,1E+5] | [0e99999,1E+5]",
                "text | true | \"true\"",
                "bool | false | false"
            })
    void text_becomesJson(String type, String text, String json) throws Exception {
        assertThat(written(new CellType.Scalar(CellFormat.of(type)), text)).isEqualTo(json);
    }

    @Test
    void jsonOverLines_becomesOneLine() throws Exception {
        assertThat(written(scalar("json"), "{\n \"a\":\t\"\\n\",\r\n \"b\": []\n}"))
                .isEqualTo("{\"a\":\"\\n\",\"b\":[]}");
    }

    @Test
    void jsonThatReadersRefuseBecauseOfItsDepth_isText() throws Exception {
        String deep = "[".repeat(201) + "]".repeat(201);
        assertThat(written(scalar("json"), deep)).isEqualTo('"' + deep + '"');
        String allowed = "[".repeat(199) + "]".repeat(199);
        assertThat(written(scalar("json"), allowed)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | []",
                "{1,NULL,9007199254740993} | [1,null,\"9007199254740993\"]",
                "{{1,2},{3,4}} | [[1,2],[3,4]]",
                "[0:1]={5,6} | [5,6]"
            })
    void array_hasTheValuesOfItsElements(String text, String json) throws Exception {
        assertThat(written(new CellType.ArrayOf(scalar("int8"), ','), text)).isEqualTo(json);
    }

    @Test
    void quotesOfArraysAndComposites_areNoPartOfTheirValues() throws Exception {
        CellType texts = new CellType.ArrayOf(scalar("text"), ',');
        assertThat(written(texts, "{\"NULL\",NULL,\"a\\\"b\\\\,{}\",\"\"}"))
                .isEqualTo("[\"NULL\",null,\"a\\\"b\\\\,{}\",\"\"]");
        CellType composite = new CellType.Composite(List.of(
                new CellType.Attribute("a", texts),
                new CellType.Attribute("b", scalar("text")),
                new CellType.Attribute("c", scalar("text"))));
        assertThat(written(composite, "(\"{x,\"\"y z\"\"}\",,\"\")"))
                .isEqualTo("{\"a\":[\"x\",\"y z\"],\"b\":null,\"c\":\"\"}");
        assertThat(written(composite, "(,,)")).isEqualTo("{\"a\":null,\"b\":null,\"c\":null}");
        assertThat(written(new CellType.Composite(List.of()), "()")).isEqualTo("{}");
        assertThat(written(composite, "({},\"a\\\\b\"\"(\",x)"))
                .isEqualTo("{\"a\":[],\"b\":\"a\\\\b\\\"(\",\"c\":\"x\"}");
    }

    @Test
    void rangeOfTimes_hasThemInIso8601() throws Exception {
        CellType range = new CellType.RangeOfTimes(true);
        assertThat(written(range, "[\"2026-01-01 00:00:00+00\",infinity)"))
                .isEqualTo("\"[2026-01-01T00:00:00Z,infinity)\"");
        assertThat(written(range, "{[\"0044-03-15 00:00:00+00 BC\",\"2026-01-01 00:00:00.5+00\"]}"))
                .isEqualTo("\"{[\\\"0044-03-15T00:00:00Z BC\\\",2026-01-01T00:00:00.5Z]}\"");
    }

    @Test
    void valueThatCanBeLong_isCutBehindTheLimit() {
        for (CellFormat format : CellFormat.values()) {
            if (!format.isShort()) {
                assertThat(format.sql("c0"))
                        .containsPattern("CAST\\(.*c0.* AS pg_catalog.varchar\\(" + (format.most() + 1) + "\\)\\)");
            }
        }
    }

    private static CellType scalar(String type) {
        return new CellType.Scalar(CellFormat.of(type));
    }

    private static String written(CellType type, String text) throws Exception {
        StringWriter json = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(json)) {
            type.write(text, out);
        }
        return json.toString();
    }
}
