package io.qicore.mcp.timescale.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.timescale.internal.sql.Identifiers.QualifiedName;
import io.qicore.mcp.tool.MCPToolError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {"t | | t", "s.t | s | t", "\"a.b\" | | a.b", "\"S\".\"t\"\"x\" | S | t\"x", "S.\"t\" | S | t"})
    void name_isSplit(String text, String schema, String name) {
        assertThat(Identifiers.qualified(text)).isEqualTo(new QualifiedName(schema, name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "a.", ".a", "a.b.c", "\"a", "\"a\"b", "\"\"", "a\0b"})
    void textThatIsNoName_isRefused(String text) {
        assertThatThrownBy(() -> Identifiers.qualified(text)).isInstanceOf(MCPToolError.class);
    }

    @Test
    void newName_isFolded() {
        assertThat(Identifiers.forNew("Candles_1m", "table")).isEqualTo("candles_1m");
        assertThat(Identifiers.forNew("x".repeat(63), "table")).hasSize(63);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "a b", "a\"", "a;", "é", "a-b", "a\n"})
    void newNameThatWouldNeedQuotes_isRefused(String name) {
        assertThatThrownBy(() -> Identifiers.forNew(name, "table"))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("underscores");
    }
}
