package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.sql.SqlToken.Kind;
import io.qicore.mcp.tool.MCPToolError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One statement that only reads, as far as its text can tell, in a form that can be used as a subquery. As a
 * subquery, the grammar of PostgreSQL accepts only {@code SELECT}, {@code WITH … SELECT}, {@code VALUES} and {@code
 * TABLE}. Immutable.
 */
public final class ReadStatement {

    /** The largest length of the text, in characters. */
    public static final int MAX_LENGTH = 100_000;

    private static final Set<String> FIRST_WORDS = Set.of("select", "with", "values", "table");
    private static final Set<String> LOCKING_WORDS = Set.of("update", "share", "no", "key");

    /** Words that begin a change together with the next word, since a column may be named insert, too. */
    private static final Map<String, String> CHANGING_WORDS =
            Map.of("insert", "into", "delete", "from", "merge", "into");

    private final NamedParameters parameters;
    private final SqlNames names;
    private final List<SqlToken> tokens;

    private ReadStatement(NamedParameters parameters, SqlNames names, List<SqlToken> tokens) {
        this.parameters = parameters;
        this.names = names;
        this.tokens = tokens;
    }

    /**
     * Parses and checks a text: it must be one statement with balanced brackets that begins with a reading word. What its
     * names mean is not checked here. A trailing semicolon and comments are removed.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#STATEMENT_NOT_ALLOWED} or {@link TimescaleErrorCode#INVALID_SQL}
     */
    public static ReadStatement parse(String sql) {
        checkText(sql);
        List<SqlToken> tokens = new ArrayList<>(SqlLexer.tokenize(sql));
        while (!tokens.isEmpty() && tokens.get(tokens.size() - 1).isPunctuation(";")) {
            tokens.remove(tokens.size() - 1);
        }
        if (tokens.isEmpty()) {
            throw new MCPToolError(TimescaleErrorCode.INVALID_SQL, "The text has no SQL statement.", stage());
        }
        checkSingle(tokens);
        checkFirstWord(tokens);
        for (int i = 0; i < tokens.size(); i++) {
            checkToken(tokens, i);
        }
        String body = sql.substring(0, tokens.get(tokens.size() - 1).end());
        return new ReadStatement(NamedParameters.in(body, tokens), NameScanner.scan(tokens, true), tokens);
    }

    /** Returns the parameters, and the statement with placeholders for them. */
    public NamedParameters parameters() {
        return parameters;
    }

    /** Returns the names that the catalogue has to resolve before the statement may run. */
    public SqlNames names() {
        return names;
    }

    /** Returns what else the statement mentions. Only callers with limits need it, so it is not read before. */
    public TypeMentions types() {
        return TypeMentions.in(tokens);
    }

    private static void checkText(String sql) {
        if (sql.length() > MAX_LENGTH) {
            throw new MCPToolError(
                    TimescaleErrorCode.INVALID_SQL,
                    "The statement has " + sql.length() + " characters; at most " + MAX_LENGTH
                            + " are taken. Pass long lists as an array parameter.",
                    stage());
        }
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            boolean pair =
                    Character.isHighSurrogate(c) && i + 1 < sql.length() && Character.isLowSurrogate(sql.charAt(i + 1));
            if (c == 0 || Character.isSurrogate(c) && !pair) {
                throw new MCPToolError(
                        TimescaleErrorCode.INVALID_SQL,
                        "Character " + (i + 1) + " is not allowed in SQL text: it is NUL or half a surrogate pair.",
                        Map.of("position", i + 1, "stage", "guard"));
            }
            if (pair) {
                i++;
            }
        }
    }

    private static void checkSingle(List<SqlToken> tokens) {
        for (SqlToken token : tokens) {
            if (token.isPunctuation(";")) {
                throw refused(token, "it has more than one statement; send one for each call");
            }
        }
    }

    private static void checkFirstWord(List<SqlToken> tokens) {
        SqlToken first = tokens.stream()
                .filter(token -> !token.isPunctuation("("))
                .findFirst()
                .orElse(tokens.get(0));
        if (first.kind() != Kind.WORD || !FIRST_WORDS.contains(first.text())) {
            throw refused(
                    first,
                    "query runs SELECT, WITH … SELECT, VALUES and TABLE only, and this begins with '" + first.text()
                            + "'" + (first.isWord("explain") ? "; explain_query takes it without EXPLAIN" : ""));
        }
    }

    private static void checkToken(List<SqlToken> tokens, int i) {
        SqlToken token = tokens.get(i);
        if (!token.isName()) {
            return;
        }
        SqlToken previous = i > 0 ? tokens.get(i - 1) : null;
        SqlToken next = i + 1 < tokens.size() ? tokens.get(i + 1) : null;
        boolean label = previous != null && (previous.isWord("as") || previous.isPunctuation("."));
        if (token.isWord("into") && !label) {
            throw refused(token, "INTO would create or change a table");
        }
        if (token.isWord("for") && next != null && next.kind() == Kind.WORD && LOCKING_WORDS.contains(next.text())) {
            throw refused(token, "FOR " + next.text().toUpperCase(Locale.ROOT) + " locks rows");
        }
        if (previous != null && previous.isPunctuation("(") && changes(tokens, i)) {
            throw refused(token, token.text().toUpperCase(Locale.ROOT) + " changes data");
        }
    }

    /**
     * Returns whether a statement that changes data begins here. PostgreSQL would refuse it with a less clear
     * message.
     */
    private static boolean changes(List<SqlToken> tokens, int i) {
        SqlToken token = tokens.get(i);
        if (token.kind() != Kind.WORD || i + 1 == tokens.size()) {
            return false;
        }
        if (token.text().equals("update")) {
            return tokens.subList(i, tokens.size()).stream().anyMatch(later -> later.isWord("set"))
                    && tokens.get(i + 1).isName()
                    && !tokens.get(i + 1).isWord("is");
        }
        String following = CHANGING_WORDS.get(token.text());
        return following != null && tokens.get(i + 1).isWord(following);
    }

    private static MCPToolError refused(SqlToken token, String why) {
        return new MCPToolError(
                TimescaleErrorCode.STATEMENT_NOT_ALLOWED,
                "The statement is refused: " + why + ".",
                Map.of("position", token.start() + 1, "stage", "guard"));
    }

    private static Map<String, Object> stage() {
        return Map.of("stage", "guard");
    }
}
