package io.qicore.mcp.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageCursorTest {

    private final PageCursor cursors = PageCursor.of("list", "prefix", null, true);

    @Test
    void key_isReadByAnotherReplica() {
        List<String> key = List.of("", "größe \"1\"", "\0");
        PageCursor elsewhere = PageCursor.of("list", "prefix", null, true);
        assertThat(elsewhere.read(" " + cursors.write(key) + "\n", 3)).isEqualTo(key);
        assertThat(cursors.write(key)).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void cursorOfAnotherCall_isRefused() {
        String cursor = cursors.write(List.of("a"));
        for (PageCursor other : List.of(
                PageCursor.of("other", "prefix", null, true),
                PageCursor.of("list", "prefix", null, false),
                PageCursor.of("list"))) {
            refused(other, cursor, 1, "'cursor' belongs to another call");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "5",
                "{}",
                "[]",
                "[5]",
                "\"text\"",
                "[\"DIGEST\"]",
                "[\"DIGEST\", 5]",
                "[\"DIGEST\", null]",
                "[\"DIGEST\", \"a\", \"b\"]",
                "[\"DIGEST\", [\"a\"]]",
                "[\"DIGEST\", \"a\"",
                "[\"DIGEST\", \"a\"] []"
            })
    void damagedCursor_isRefused(String json) {
        String content = new String(Base64.getUrlDecoder().decode(cursors.write(List.of())), StandardCharsets.UTF_8);
        String digest = content.substring(2, content.length() - 2);
        byte[] bytes = json.replace("DIGEST", digest).getBytes(StandardCharsets.UTF_8);
        refused(cursors, Base64.getUrlEncoder().encodeToString(bytes), 1, "'cursor' is not a cursor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "abc=d", "größe", "A"})
    void textThatIsNotBase64_isRefused(String cursor) {
        refused(cursors, cursor, 1, "'cursor' is not a cursor");
    }

    private static void refused(PageCursor cursors, String cursor, int values, String why) {
        assertThatExceptionOfType(MCPToolError.class)
                .isThrownBy(() -> cursors.read(cursor, values))
                .withMessageContaining(why)
                .withMessageContaining("call without cursor to start again")
                .satisfies(error -> {
                    assertThat(error.is(StandardErrorCode.INVALID_ARGUMENT)).isTrue();
                    assertThat(error.context()).containsEntry("argument", "cursor");
                });
    }
}
