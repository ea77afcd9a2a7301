package io.qicore.mcp.timescale.internal.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageCursorTest {

    private static final String SUBJECT = "SELECT * FROM t";

    @Test
    void key_comesBackAsItWas() {
        List<String> key = List.of("2026-01-01 00:00:00+00", "", "it's \"quoted\" \\ ü 😀", "NaN");
        String cursor = PageCursor.of(SUBJECT, key);
        assertThat(cursor).matches("[A-Za-z0-9_-]+");
        assertThat(PageCursor.key(SUBJECT, cursor, 4)).isEqualTo(key);
    }

    @Test
    void cursorOfAnotherStatement_isRefused_withWhatToRepeat() {
        String cursor = PageCursor.of(SUBJECT, List.of("1"));
        refuses("SELECT * FROM u", cursor, 1, "belongs to another call");
    }

    @Test
    void keyOfAnotherLength_isRefused() {
        String cursor = PageCursor.of(SUBJECT, List.of("1", "2"));
        refuses(SUBJECT, cursor, 1, "is not one that this tool gave");
        refuses(SUBJECT, PageCursor.of(SUBJECT, List.of()), 1, "is not one that this tool gave");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "%%%", "null", "{}", "[]", "[1]", "[null,null]", "[1,2]", "[\"x\",{}]", "[\"x\",[[]]]"})
    void whatIsNoCursor_isRefused_encodedOrNot(String text) {
        String encoded = Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        for (String cursor : List.of(text, encoded)) {
            assertThatThrownBy(() -> PageCursor.key(SUBJECT, cursor, 1))
                    .isInstanceOfSatisfying(
                            MCPToolError.class, error -> assertThat(error.is(StandardErrorCode.INVALID_ARGUMENT))
                                    .isTrue())
                    .hasMessageContaining("'cursor'");
        }
    }

    @Test
    void nullInAKey_isRefused() {
        String digest =
                new String(Base64.getUrlDecoder().decode(PageCursor.of(SUBJECT, List.of("1"))), StandardCharsets.UTF_8);
        String withNull = digest.replace("[\"1\"]", "[null]");
        refuses(
                SUBJECT,
                Base64.getUrlEncoder().encodeToString(withNull.getBytes(StandardCharsets.UTF_8)),
                1,
                "is not one that this tool gave");
    }

    private static void refuses(String subject, String cursor, int columns, String why) {
        assertThatThrownBy(() -> PageCursor.key(subject, cursor, columns))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.is(StandardErrorCode.INVALID_ARGUMENT))
                                .isTrue())
                .hasMessageContaining(why);
    }
}
