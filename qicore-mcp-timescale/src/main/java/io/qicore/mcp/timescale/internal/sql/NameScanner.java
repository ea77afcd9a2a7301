package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.sql.SqlNames.Name;
import io.qicore.mcp.timescale.internal.sql.SqlToken.Kind;
import io.qicore.mcp.tool.MCPToolError;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Collects the names of a text. Confined to one thread. */
final class NameScanner {

    /** Operators that PostgreSQL looks up for LIKE, IN, BETWEEN, CASE, NULLIF, USING and comparisons of rows. */
    private static final List<String> UNWRITTEN_OPERATORS =
            List.of("=", "<>", "<", ">", "<=", ">=", "~~", "!~~", "~~*", "!~~*", "~", "!~");

    /** The function that returns a setting by name. Its argument must be readable in the text. */
    private static final String SETTING_READER = "current_setting";

    private final List<SqlToken> tokens;
    private final Set<Name> calls = new LinkedHashSet<>();
    private final Set<Name> attributes = new LinkedHashSet<>();
    private final Set<Name> operators = new LinkedHashSet<>();
    private final Set<String> settings = new LinkedHashSet<>();

    private NameScanner(List<SqlToken> tokens) {
        this.tokens = tokens;
    }

    /**
     * Returns the names of a text.
     *
     * @param statement whether the text is a statement of an agent, and not a body of a function or a definition
     * @throws MCPToolError with {@link TimescaleErrorCode#STATEMENT_NOT_ALLOWED} if it reads a setting whose name is not
     *     in the text
     */
    static SqlNames scan(List<SqlToken> tokens, boolean statement) {
        NameScanner scanner = new NameScanner(tokens);
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            if (token.isName()) {
                scanner.name(i);
            } else if (token.kind() == Kind.OPERATOR) {
                scanner.operator(i);
            }
        }
        if (!scanner.calls.isEmpty()
                || !scanner.attributes.isEmpty()
                || !scanner.operators.isEmpty()
                || tokens.size() > 2) {
            UNWRITTEN_OPERATORS.forEach(operator -> scanner.operators.add(new Name("", operator)));
        }
        return new SqlNames(
                scanner.calls,
                scanner.attributes,
                scanner.operators,
                RelationNames.in(tokens, statement),
                scanner.settings,
                statement && ActivityReads.areHarmless(tokens));
    }

    private void name(int i) {
        SqlToken token = tokens.get(i);
        boolean called = isAt(i + 1, "(");
        if (called) {
            add(calls, schema(i), token);
        } else if (isAt(i - 1, ".")) {
            add(attributes, "", token);
        }
        if (token.text().equals(SETTING_READER) && (called || isAt(i - 1, "."))) {
            readSetting(i);
        }
    }

    /** Adds a name. A database with a one-byte encoding folds letters beyond ASCII, too. */
    private static void add(Set<Name> names, String schema, SqlToken token) {
        names.add(new Name(schema, token.text()));
        if (token.kind() == Kind.WORD) {
            names.add(new Name(schema, token.text().toLowerCase(Locale.ROOT)));
        }
    }

    /** Adds an operator. PostgreSQL reads {@code =-} as two operators, and some other ones as one. */
    private void operator(int i) {
        String text = tokens.get(i).text();
        String schema = schema(i);
        for (int end = text.length(); end > 0; end--) {
            operators.add(new Name(schema, text.substring(0, end)));
            if ("+-".indexOf(text.charAt(end - 1)) < 0) {
                break;
            }
            operators.add(new Name(schema, text.substring(end - 1)));
        }
    }

    /** Reads {@code ('name'}, {@code ('name'::text} or {@code ('name', true}. */
    private void readSetting(int i) {
        boolean cast = isAt(i + 3, "::") && isWord(i + 4, "text");
        int end = cast ? i + 5 : i + 3;
        boolean constant = isAt(i + 1, "(")
                && i + 2 < tokens.size()
                && tokens.get(i + 2).kind() == Kind.STRING
                && (isAt(end, ")") || isAt(end, ","));
        if (!constant) {
            throw new MCPToolError(
                    TimescaleErrorCode.STATEMENT_NOT_ALLOWED,
                    "The statement is refused: '" + SETTING_READER
                            + "' needs the name of the setting as a plain string,"
                            + " as in current_setting('TimeZone').",
                    Map.of("position", tokens.get(i).start() + 1, "stage", "guard"));
        }
        settings.add(tokens.get(i + 2).text().toLowerCase(Locale.ROOT));
    }

    private String schema(int i) {
        return isAt(i - 1, ".") && i >= 2 && tokens.get(i - 2).isName()
                ? tokens.get(i - 2).text()
                : "";
    }

    private boolean isAt(int i, String mark) {
        return i >= 0 && i < tokens.size() && tokens.get(i).isPunctuation(mark);
    }

    private boolean isWord(int i, String word) {
        return i < tokens.size() && tokens.get(i).isWord(word);
    }
}
