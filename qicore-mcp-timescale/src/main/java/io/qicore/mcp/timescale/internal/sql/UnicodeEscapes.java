package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.timescale.internal.sql.SqlToken.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Resolves {@code U&"…"} and {@code U&'…'}, with or without {@code UESCAPE}, to the text that PostgreSQL sees. */
final class UnicodeEscapes {

    private UnicodeEscapes() {}

    /** Returns the tokens with the escapes replaced and without {@code UESCAPE '…'}. */
    static List<SqlToken> resolved(List<SqlToken> tokens) {
        if (tokens.stream().noneMatch(UnicodeEscapes::isEscaped)) {
            return tokens;
        }
        List<SqlToken> resolved = new ArrayList<>(tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            if (!isEscaped(token)) {
                resolved.add(token);
                continue;
            }
            char escape = '\\';
            if (i + 1 < tokens.size() && tokens.get(i + 1).isWord("uescape")) {
                escape = escape(tokens, i + 2, token);
                i += 2;
            }
            boolean name = token.kind() == Kind.UNICODE_QUOTED;
            String text = decode(token, escape);
            if (name && (text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > SqlLexer.MAX_NAME_BYTES)) {
                throw SqlLexer.fault(token.start(), "a name with escapes has no or more than 63 bytes");
            }
            resolved.add(new SqlToken(name ? Kind.QUOTED : Kind.STRING, token.start(), token.end(), text));
        }
        return resolved;
    }

    private static boolean isEscaped(SqlToken token) {
        return token.kind() == Kind.UNICODE_QUOTED || token.kind() == Kind.UNICODE_STRING;
    }

    private static char escape(List<SqlToken> tokens, int i, SqlToken of) {
        boolean single = i < tokens.size()
                && tokens.get(i).kind() == Kind.STRING
                && tokens.get(i).text().length() == 1;
        if (!single) {
            throw SqlLexer.fault(of.end(), "UESCAPE needs one character");
        }
        return tokens.get(i).text().charAt(0);
    }

    /** Reads {@code \0061} and {@code \+000061}; a doubled escape stands for itself. */
    private static String decode(SqlToken token, char escape) {
        String text = token.text();
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != escape) {
                decoded.append(c);
            } else if (text.startsWith(String.valueOf(escape), i + 1)) {
                decoded.append(escape);
                i++;
            } else {
                boolean six = text.startsWith("+", i + 1);
                int from = six ? i + 2 : i + 1;
                int to = from + (six ? 6 : 4);
                decoded.appendCodePoint(codePoint(token, from, to));
                i = to - 1;
            }
        }
        return decoded.toString();
    }

    private static int codePoint(SqlToken token, int from, int to) {
        String digits = token.text()
                .substring(
                        Math.min(from, token.text().length()),
                        Math.min(to, token.text().length()));
        boolean hexadecimal =
                digits.length() == to - from && digits.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0);
        int value = hexadecimal ? Integer.parseInt(digits, 16) : 0;
        if (value == 0 || !Character.isValidCodePoint(value)) {
            throw SqlLexer.fault(token.start(), "a Unicode escape is not valid");
        }
        return value;
    }
}
