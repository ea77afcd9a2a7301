package io.qicore.mcp.timescale.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.tool.MCPToolError;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnTypesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timestamptz | timestamp with time zone",
                "TIMESTAMP  WITH TIME ZONE | timestamp with time zone",
                "double precision | double precision",
                "numeric(20, 8) | numeric(20,8)",
                "numeric( 5 ) | numeric(5)",
                "varchar(12) | character varying(12)",
                "text[] | text[]",
                "varchar(3)[] | character varying(3)[]",
                "int | integer"
            })
    void type_comesFromTheTable(String type, String sql) {
        assertThat(ColumnTypes.toSql(type)).isEqualTo(sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "serial",
                "money",
                "text; DROP TABLE t",
                "text NOT NULL",
                "int(4)",
                "text(3)",
                "numeric(0)",
                "numeric(2,3)",
                "varchar(99999)",
                "varchar(1,2)",
                "text[][]",
                "\"text\"",
                "text)",
                "numeric(1"
            })
    void anythingElse_isRefused(String type) {
        assertThatThrownBy(() -> ColumnTypes.toSql(type))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("timestamp with time zone");
    }
}
