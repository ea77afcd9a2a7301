package io.qicore.mcp.timescale.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlLexerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "SELECT a.b, 1 ~ WORD:select WORD:a PUNCTUATION:. WORD:b PUNCTUATION:, NUMBER:1",
                "'it''s' ~ STRING:it's",
                "E'a\\'b' ~ ESCAPE_STRING:a\\'b",
                "'a\\' 'b' ~ STRING:a\\ STRING:b",
                "N'x' B'1' X'f' U&'!003B' ~ STRING:x STRING:1 STRING:f STRING:!003B",
                "U&'!003B' UESCAPE '!' ~ STRING:;",
                "U&\"d\\0061t\\+000061\" a ~ QUOTED:data WORD:a",
                "U&\"pg!005fsleep\" UESCAPE '!' (1) ~ QUOTED:pg_sleep PUNCTUATION:( NUMBER:1 PUNCTUATION:)",
                "U&\"a\\\\\"\"\" ~ QUOTED:a\\\"",
                "$$a;b$$ $t$ $$ $t$ ~ STRING:a;b STRING: $$ ",
                "a$$ b$c$ ~ WORD:a$$ WORD:b$c$",
                "\"A\"\"b\" ~ QUOTED:A\"b",
                "Été ÉTÉ ~ WORD:Été WORD:ÉtÉ",
                "1.5e10 .5 0x1F 1_000 1. ~ NUMBER:1.5e10 NUMBER:.5 NUMBER:0x1F NUMBER:1_000 NUMBER:1.",
                "a-- b ~ WORD:a",
                "a/* b /* c */ d */e ~ WORD:a WORD:e",
                "1*/*x*/2 ~ NUMBER:1 OPERATOR:* NUMBER:2",
                "a <--x ~ WORD:a OPERATOR:<",
                "x ->> 'k' ~ WORD:x OPERATOR:->> STRING:k",
                "a::int ~ WORD:a PUNCTUATION::: WORD:int",
                "f(x := 1) ~ WORD:f PUNCTUATION:( WORD:x OPERATOR::= NUMBER:1 PUNCTUATION:)",
                ":a + :b_1::int ~ PARAMETER:a OPERATOR:+ PARAMETER:b_1 PUNCTUATION::: WORD:int",
                "ARRAY[:a, :b] ~ WORD:array PUNCTUATION:[ PARAMETER:a PUNCTUATION:, PARAMETER:b PUNCTUATION:]",
                "x[1:n] ~ WORD:x PUNCTUATION:[ NUMBER:1 PUNCTUATION:: WORD:n PUNCTUATION:]",
                "x[f(:a):b] ~ WORD:x PUNCTUATION:[ WORD:f PUNCTUATION:( PARAMETER:a PUNCTUATION:) PUNCTUATION:: WORD:b"
                        + " PUNCTUATION:]",
                "':no' \":no\" $$:no$$ -- :no ~ STRING::no QUOTED::no STRING::no"
            })
    void text_isSplitAsPostgreSqlDoes(String sql, String expected) {
        assertThat(SqlLexer.tokenize(sql).stream()
                        .map(token -> token.kind() + ":" + token.text())
                        .collect(Collectors.joining(" ")))
                .isEqualToIgnoringWhitespace(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'open",
                "E'open\\'",
                "\"open",
                "\"\"",
                "$a$ open",
                "$a$ $A$",
                "/* open",
                "/* /* */",
                "(",
                ")",
                "(]",
                "[)",
                "a) b (",
                "$1",
                "$",
                "U&\"\\00\"",
                "U&\"\\+110000\"",
                "U&\"a\" UESCAPE",
                "U&\"a\" UESCAPE '!!'",
                "U&\"\"",
                "{fn now()}",
                "\\",
                "1abc",
                "1E'x'",
                "0b'1'",
                "E'a'\n'b'",
                "E'a' -- c\n'b'",
                "\u000b",
                "\u0001"
            })
    void textThatCouldBeReadInTwoWays_isRefused(String sql) {
        assertThatThrownBy(() -> SqlLexer.tokenize(sql)).isInstanceOfSatisfying(MCPToolError.class, e -> {
            assertThat(e.is(TimescaleErrorCode.INVALID_SQL)).isTrue();
            assertThat(e.context()).containsKey("position");
        });
    }

    @Test
    void longName_isCutAsPostgreSqlDoes() {
        String name = "x".repeat(63);
        assertThat(SqlLexer.tokenize(name + "y \"" + name + "z\"").stream().map(SqlToken::text))
                .containsExactly(name, name);
        assertThatThrownBy(() -> SqlLexer.tokenize("ä".repeat(32))).hasMessageContaining("63 bytes");
        assertThatThrownBy(() -> SqlLexer.tokenize("U&\"\\0061" + name + "\"")).hasMessageContaining("63 bytes");
    }

    /** Tokens cover the text in order, whatever it is, or it is refused: never another exception, never an endless loop. */
    @Test
    void anyText_isSplitOrRefused() {
        Random random = new Random(42);
        String alphabet = "aE'\"$-/*();:[]?1.eU& \n\\ß";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder sql = new StringBuilder();
            for (int length = random.nextInt(16); length > 0; length--) {
                sql.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                int end = 0;
                for (SqlToken token : SqlLexer.tokenize(sql.toString())) {
                    assertThat(token.start()).as(sql.toString()).isGreaterThanOrEqualTo(end);
                    assertThat(token.end()).as(sql.toString()).isGreaterThan(token.start());
                    end = token.end();
                }
            } catch (MCPToolError refused) {
                assertThat(refused.is(TimescaleErrorCode.INVALID_SQL)).isTrue();
            }
        }
    }
}
