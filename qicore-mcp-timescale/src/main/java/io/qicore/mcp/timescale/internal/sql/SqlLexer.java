package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.sql.SqlToken.Kind;
import io.qicore.mcp.tool.MCPToolError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Splits SQL into tokens by the rules of PostgreSQL. Refuses text that versions or settings of PostgreSQL read
 * differently. Assumes {@code standard_conforming_strings = on}, which the transaction sets. Confined to one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html">PostgreSQL, Lexical Structure</a>
 */
final class SqlLexer {

    /** PostgreSQL cuts longer names. */
    static final int MAX_NAME_BYTES = 63;

    private static final String OPERATOR_CHARACTERS = "~!@#^&|`?+-*/%<>=";

    /** Words after which an expression begins: a {@code :name} there is a parameter, not the end of a slice. */
    private static final Set<String> BEFORE_EXPRESSION = Set.of(
            "when",
            "then",
            "else",
            "case",
            "and",
            "or",
            "not",
            "in",
            "like",
            "ilike",
            "between",
            "is",
            "from",
            "distinct",
            "select",
            "where",
            "by");

    private final String sql;

    /** In the body of a function, {@code $1} is an argument, and {@code :} is only the mark of a slice. */
    private final boolean body;

    private final List<SqlToken> tokens = new ArrayList<>();
    private final Deque<Character> open = new ArrayDeque<>();
    private int at;

    private SqlLexer(String sql, boolean body) {
        this.sql = sql;
        this.body = body;
    }

    /**
     * Returns the tokens of a text, without white space and comments.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#INVALID_SQL} and the position of the fault
     */
    static List<SqlToken> tokenize(String sql) {
        return new SqlLexer(sql, false).run();
    }

    /**
     * Returns the tokens of the body of a function or of the definition of a view, where {@code $1} is an argument.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#INVALID_SQL} and the position of the fault
     */
    static List<SqlToken> tokenizeBody(String sql) {
        return new SqlLexer(sql, true).run();
    }

    private List<SqlToken> run() {
        while (skipBlanksAndComments()) {
            next(sql.charAt(at));
        }
        if (!open.isEmpty()) {
            throw fault(sql.length(), "'" + open.peek() + "' is not closed");
        }
        return UnicodeEscapes.resolved(tokens);
    }

    private void next(char c) {
        if (c == '\'') {
            plainString(at + 1);
        } else if ((c == 'e' || c == 'E') && peek(1) == '\'') {
            escapeString(at + 2);
        } else if ("bBxXnN".indexOf(c) >= 0 && peek(1) == '\'') {
            plainString(at + 2);
        } else if ((c == 'u' || c == 'U') && peek(1) == '&' && (peek(2) == '\'' || peek(2) == '"')) {
            unicodeEscaped(peek(2));
        } else if (c == '"') {
            quotedIdentifier();
        } else if (isIdentifierStart(c)) {
            word();
        } else if (isDigit(c) || c == '.' && isDigit(peek(1))) {
            number();
        } else if (c == '$') {
            dollarString();
        } else if (c == ':') {
            colon();
        } else if ("()[],.;".indexOf(c) >= 0) {
            nest(c);
            add(Kind.PUNCTUATION, at + 1, String.valueOf(c));
        } else if (OPERATOR_CHARACTERS.indexOf(c) >= 0) {
            operator();
        } else {
            throw fault(at, "unexpected character '" + printable(c) + "'");
        }
    }

    /** Reads the next token. Returns false at the end of the text. */
    private boolean skipBlanksAndComments() {
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
                at++;
            } else if (c == '-' && peek(1) == '-') {
                while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
                    at++;
                }
            } else if (c == '/' && peek(1) == '*') {
                blockComment();
            } else {
                return true;
            }
        }
        return false;
    }

    private void blockComment() {
        int start = at;
        int depth = 0;
        do {
            if (at + 1 >= sql.length()) {
                throw fault(start, "comment is not closed");
            }
            if (sql.charAt(at) == '/' && peek(1) == '*') {
                depth++;
                at += 2;
            } else if (sql.charAt(at) == '*' && peek(1) == '/') {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0);
    }

    private void plainString(int from) {
        if (!tokens.isEmpty() && last().kind() == Kind.ESCAPE_STRING && from == at + 1) {
            // PostgreSQL continues E'…' on the next line as E'…', where a backslash could hide a quote.
            throw fault(at, "a string after E'…' continues it: join them with ||");
        }
        int end = closingQuote(from, '\'', "string");
        add(Kind.STRING, end + 1, sql.substring(from, end).replace("''", "'"));
    }

    private void escapeString(int from) {
        for (int i = from; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '\'') {
                if (i + 1 < sql.length() && sql.charAt(i + 1) == '\'') {
                    i++;
                } else {
                    add(Kind.ESCAPE_STRING, i + 1, sql.substring(from, i));
                    return;
                }
            }
        }
        throw fault(at, "string is not closed");
    }

    private void quotedIdentifier() {
        int end = closingQuote(at + 1, '"', "quoted identifier");
        if (end == at + 1) {
            throw fault(at, "a quoted identifier is empty");
        }
        add(Kind.QUOTED, end + 1, cut(sql.substring(at + 1, end).replace("\"\"", "\"")));
    }

    /** Reads {@code U&'…'} or {@code U&"…"}, whose escapes {@link UnicodeEscapes} resolves at the end. */
    private void unicodeEscaped(char quote) {
        int from = at + 3;
        int end = closingQuote(from, quote, quote == '"' ? "quoted identifier" : "string");
        String text = sql.substring(from, end).replace("" + quote + quote, "" + quote);
        add(quote == '"' ? Kind.UNICODE_QUOTED : Kind.UNICODE_STRING, end + 1, text);
    }

    private int closingQuote(int from, char quote, String what) {
        for (int i = from; i < sql.length(); i++) {
            if (sql.charAt(i) == quote) {
                if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
                    i++;
                } else {
                    return i;
                }
            }
        }
        throw fault(at, what + " is not closed");
    }

    private void dollarString() {
        int tagEnd = at + 1;
        if (body && isDigit(peek(1))) {
            add(Kind.PARAMETER, digits(tagEnd, 10), "argument");
            return;
        }
        if (tagEnd < sql.length() && isIdentifierStart(sql.charAt(tagEnd))) {
            while (tagEnd < sql.length() && isIdentifierPart(sql.charAt(tagEnd)) && sql.charAt(tagEnd) != '$') {
                tagEnd++;
            }
        }
        if (tagEnd >= sql.length() || sql.charAt(tagEnd) != '$') {
            throw fault(at, "'$' is not allowed here: name parameters :name and give their values in 'parameters'");
        }
        String tag = sql.substring(at, tagEnd + 1);
        int end = sql.indexOf(tag, tagEnd + 1);
        if (end < 0) {
            throw fault(at, "dollar-quoted string is not closed");
        }
        add(Kind.STRING, end + tag.length(), sql.substring(tagEnd + 1, end));
    }

    private void word() {
        int end = at + 1;
        while (end < sql.length() && isIdentifierPart(sql.charAt(end))) {
            end++;
        }
        add(Kind.WORD, end, cut(folded(sql.substring(at, end))));
    }

    /** Folds ASCII letters only, as PostgreSQL does in UTF-8. */
    private static String folded(String word) {
        StringBuilder folded = new StringBuilder(word.length());
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            folded.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return folded.toString();
    }

    /** Cuts a name as PostgreSQL does. Where PostgreSQL cuts other letters depends on the encoding of the database. */
    private String cut(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes <= MAX_NAME_BYTES) {
            return name;
        }
        if (bytes > name.length()) {
            throw fault(at, "a name has more than " + MAX_NAME_BYTES + " bytes");
        }
        return name.substring(0, MAX_NAME_BYTES);
    }

    private void number() {
        int end = at;
        if (sql.charAt(at) == '0' && "xXoObB".indexOf(peek(1)) >= 0 && Character.digit(peek(2), 16) >= 0) {
            end = digits(at + 2, 16);
        } else {
            end = digits(end, 10);
            if (end < sql.length()
                    && sql.charAt(end) == '.'
                    && !(end + 1 < sql.length() && sql.charAt(end + 1) == '.')) {
                end = digits(end + 1, 10);
            }
            if (end < sql.length() && (sql.charAt(end) == 'e' || sql.charAt(end) == 'E')) {
                int exponent = end + 1;
                if (exponent < sql.length() && "+-".indexOf(sql.charAt(exponent)) >= 0) {
                    exponent++;
                }
                if (exponent < sql.length() && isDigit(sql.charAt(exponent))) {
                    end = digits(exponent, 10);
                }
            }
        }
        if (end < sql.length() && isIdentifierStart(sql.charAt(end))) {
            // PostgreSQL before 15 reads 1e'…' as a number and an escape string, later ones refuse it.
            throw fault(at, "a number runs into a word: put a space between them");
        }
        add(Kind.NUMBER, end, sql.substring(at, end));
    }

    private int digits(int from, int radix) {
        int end = from;
        while (end < sql.length() && (isDigit(sql.charAt(end), radix) || sql.charAt(end) == '_' && end > from)) {
            end++;
        }
        return end;
    }

    private void colon() {
        char following = peek(1);
        if (following == ':') {
            add(Kind.PUNCTUATION, at + 2, "::");
        } else if (following == '=') {
            add(Kind.OPERATOR, at + 2, ":=");
        } else if (!body && isIdentifierStart(following) && !endsSlice()) {
            int end = at + 2;
            while (end < sql.length() && isIdentifierPart(sql.charAt(end)) && sql.charAt(end) != '$') {
                end++;
            }
            add(Kind.PARAMETER, end, sql.substring(at + 1, end));
        } else {
            add(Kind.PUNCTUATION, at + 1, ":");
        }
    }

    /** In {@code a[1:n]} the colon follows an operand inside brackets; in {@code ARRAY[:a, :b]} it does not. */
    private boolean endsSlice() {
        if (open.isEmpty() || open.peek() != '[') {
            return false;
        }
        SqlToken previous = last();
        return switch (previous.kind()) {
            case WORD -> !BEFORE_EXPRESSION.contains(previous.text());
            case QUOTED, UNICODE_QUOTED, STRING, UNICODE_STRING, ESCAPE_STRING, NUMBER, PARAMETER -> true;
            case OPERATOR -> false;
            case PUNCTUATION -> previous.isPunctuation(")") || previous.isPunctuation("]");
        };
    }

    private void operator() {
        int end = at;
        while (end < sql.length() && OPERATOR_CHARACTERS.indexOf(sql.charAt(end)) >= 0 && !isCommentAt(end)) {
            end++;
        }
        add(Kind.OPERATOR, end, sql.substring(at, end));
    }

    private boolean isCommentAt(int index) {
        return sql.startsWith("--", index) || sql.startsWith("/*", index);
    }

    /** Refuses an unbalanced closing bracket, which would end the subquery around the statement. */
    private void nest(char c) {
        if (c == '(' || c == '[') {
            open.push(c);
        } else if (c == ')' || c == ']') {
            char expected = c == ')' ? '(' : '[';
            if (open.isEmpty() || open.pop() != expected) {
                throw fault(at, "'" + c + "' closes nothing");
            }
        }
    }

    private void add(Kind kind, int end, String text) {
        tokens.add(new SqlToken(kind, at, end, text));
        at = end;
    }

    private SqlToken last() {
        return tokens.get(tokens.size() - 1);
    }

    private char peek(int distance) {
        return at + distance < sql.length() ? sql.charAt(at + distance) : '\0';
    }

    private static boolean isIdentifierStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
    }

    private static boolean isIdentifierPart(char c) {
        return isIdentifierStart(c) || isDigit(c) || c == '$';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isDigit(char c, int radix) {
        return c < 0x80 && Character.digit(c, radix) >= 0;
    }

    private static String printable(char c) {
        return c < ' ' || c == 0x7f ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c);
    }

    static MCPToolError fault(int index, String what) {
        return new MCPToolError(
                TimescaleErrorCode.INVALID_SQL,
                "Invalid SQL at character " + (index + 1) + ": " + what + ".",
                Map.of("position", index + 1, "stage", "guard"));
    }
}
