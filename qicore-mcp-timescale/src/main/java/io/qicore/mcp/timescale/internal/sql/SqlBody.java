package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.sql.SqlToken.Kind;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the body of a function, which may contain only statements that the rules for statements can judge. */
public final class SqlBody {

    /** What a statement of a function in SQL may begin with. */
    private static final Set<String> QUERIES = Set.of("select", "with", "values", "table");

    /** What else a statement of PL/pgSQL that ends with a semicolon may begin with. */
    private static final Set<String> READING = Set.of(
            "end",
            "exit",
            "continue",
            "return",
            "raise",
            "assert",
            "null",
            "perform",
            "get",
            "open",
            "fetch",
            "move",
            "close");

    /** Words behind which EXECUTE runs SQL that the function makes itself. */
    private static final Set<String> BEFORE_DYNAMIC_SQL = Set.of("query", "in", "for");

    private static final Set<Kind> END_KINDS = Set.of(Kind.WORD, Kind.OPERATOR, Kind.PUNCTUATION);

    private final List<SqlToken> tokens;

    private SqlBody(List<SqlToken> tokens) {
        this.tokens = tokens;
    }

    /**
     * Returns the names in the body of a function in SQL or PL/pgSQL.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#STATEMENT_NOT_ALLOWED} if the function may do more than read,
     *     or with {@link TimescaleErrorCode#INVALID_SQL} if its text cannot be read
     */
    public static SqlNames names(String body, String language) {
        SqlBody read = new SqlBody(SqlLexer.tokenizeBody(body));
        boolean sql = language.equals("sql");
        for (int i = 0; i < read.tokens.size(); ) {
            i = sql ? read.query(i) : read.statement(i);
        }
        return NameScanner.scan(read.tokens, false);
    }

    /**
     * Returns the settings that an expression or a definition reads, as PostgreSQL prints it.
     *
     * @throws MCPToolError if the name of a setting is not a constant, or the text cannot be read
     */
    public static Set<String> settings(String definition) {
        return NameScanner.scan(SqlLexer.tokenizeBody(definition), false).settings();
    }

    /** Checks the statement of a function in SQL that begins at an index. Returns the index of the next one. */
    private int query(int i) {
        SqlToken first = tokens.get(i);
        boolean reads = first.kind() == Kind.WORD && QUERIES.contains(first.text()) || first.isPunctuation("(");
        if (!reads && !first.isPunctuation(";")) {
            throw refused(first.text());
        }
        return behind(i, ";");
    }

    /**
     * Checks the statement of PL/pgSQL that begins at an index. Returns the index where the next one begins. A statement
     * ends where the parser of PL/pgSQL ends it: the condition of IF at the first THEN outside of brackets, and so on.
     */
    private int statement(int i) {
        SqlToken first = tokens.get(i);
        if (first.isPunctuation(";")) {
            return i + 1;
        }
        if (first.text().equals("<<")) {
            return behind(i, ">>");
        }
        if (first.text().equals("#")) {
            // A directive such as #variable_conflict use_column
            return i + 3;
        }
        if (first.kind() == Kind.WORD && !isAssignment(i)) {
            switch (first.text()) {
                case "begin", "else", "loop", "exception" -> {
                    return i + 1;
                }
                case "declare" -> {
                    return declarations(i + 1);
                }
                case "if", "elsif", "elseif", "when" -> {
                    return behind(i, "then");
                }
                case "case" -> {
                    return behind(i, "when") - 1;
                }
                case "while", "for", "foreach" -> {
                    return behind(i, "loop");
                }
                default -> {
                    if (!QUERIES.contains(first.text()) && !READING.contains(first.text())) {
                        throw refused(first.text());
                    }
                }
            }
        } else if (!isAssignment(i)) {
            throw refused(first.text());
        }
        return behind(i, ";");
    }

    private int declarations(int i) {
        int next = i;
        while (next < tokens.size() && !tokens.get(next).isWord("begin")) {
            next = behind(next, ";");
        }
        return next;
    }

    /** Returns whether {@code a := 1}, {@code a[1] := 1} or {@code a.b := 1} begins here. */
    private boolean isAssignment(int i) {
        if (!tokens.get(i).isName() && tokens.get(i).kind() != Kind.PARAMETER || i + 1 == tokens.size()) {
            return false;
        }
        String next = tokens.get(i + 1).text();
        return next.equals(":=") || next.equals("=") || next.equals(".") || next.equals("[");
    }

    /** Returns the index behind the next such word or mark outside of brackets, or behind the end. */
    private int behind(int from, String end) {
        int depth = 0;
        for (int i = from; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            if (token.isWord("execute") && i > 0 && runsDynamicSql(i)) {
                throw refused("execute");
            }
            if (token.isPunctuation("(") || token.isPunctuation("[")) {
                depth++;
            } else if (token.isPunctuation(")") || token.isPunctuation("]")) {
                depth--;
            } else if (depth == 0
                    && END_KINDS.contains(token.kind())
                    && token.text().equals(end)) {
                return i + 1;
            }
        }
        return tokens.size();
    }

    private boolean runsDynamicSql(int i) {
        SqlToken before = tokens.get(i - 1);
        return before.kind() == Kind.WORD && BEFORE_DYNAMIC_SQL.contains(before.text());
    }

    private static MCPToolError refused(String word) {
        return new MCPToolError(
                TimescaleErrorCode.STATEMENT_NOT_ALLOWED,
                "has '" + word + "', which may do more than read",
                Map.of("stage", "guard"));
    }
}
