package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The functions and relations that a text of SQL uses, to look them up in the catalogue, because a view or a function
 * may do what the text itself must not. Immutable.
 *
 * @param calls names in front of an opening bracket
 * @param attributes names behind a dot; {@code row.f} may call {@code f(row)}
 * @param relations names that can be those of tables and views
 */
public record SqlReferences(Set<Name> calls, Set<Name> attributes, Set<Name> relations) {

    /** Words after which a relation can follow. A text without them does not read a relation. */
    private static final Set<String> RELATION_WORDS = Set.of("from", "join", "table");

    /** Internal functions that the view of every continuous aggregate calls. */
    private static final List<String> HARMLESS_INTERNALS =
            List.of("cagg_watermark", "to_", "time_to_internal", "interval_to_usec", "first_combinefunc");

    /**
     * A name.
     *
     * @param schema the name in front of the dot, or an empty text
     */
    public record Name(String schema, String name) {

        /**
         * Returns whether this name can refer to an object, given its schema and whether that is on the search path.
         */
        public boolean matches(String otherSchema, String otherName, boolean visible) {
            return name.equals(otherName) && (schema.equals(otherSchema) || schema.isEmpty() && visible);
        }

        @Override
        public String toString() {
            return schema.isEmpty() ? name : schema + "." + name;
        }
    }

    /** Copies the sets. */
    public SqlReferences {
        calls = Set.copyOf(calls);
        attributes = Set.copyOf(attributes);
        relations = Set.copyOf(relations);
    }

    /** Returns whether there is nothing to look up. */
    public boolean isEmpty() {
        return calls.isEmpty() && attributes.isEmpty() && relations.isEmpty();
    }

    static SqlReferences in(List<SqlToken> tokens) {
        Set<Name> calls = new LinkedHashSet<>();
        Set<Name> attributes = new LinkedHashSet<>();
        Set<Name> relations = new LinkedHashSet<>();
        boolean reads = tokens.stream()
                .anyMatch(token -> token.kind() == SqlToken.Kind.WORD && RELATION_WORDS.contains(token.text()));
        for (int i = 0; i < tokens.size(); i++) {
            if (!tokens.get(i).isName()) {
                continue;
            }
            Name name = name(tokens, i);
            boolean called = i + 1 < tokens.size() && tokens.get(i + 1).isPunctuation("(");
            if (called) {
                calls.add(name);
            } else {
                // A name after a dot can be a function: t.f, (t).f and (SELECT t).f mean f(t).
                if (i > 0 && tokens.get(i - 1).isPunctuation(".")) {
                    attributes.add(new Name("", name.name()));
                }
                if (reads) {
                    relations.add(name);
                }
            }
        }
        return new SqlReferences(calls, attributes, relations);
    }

    /**
     * Returns the references of the body of a function or of the definition of a view.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#INVALID_SQL} if its text cannot be read
     */
    public static SqlReferences inBody(String body) {
        return in(SqlLexer.tokenizeBody(body));
    }

    /**
     * Returns why the body of a function must not run, or empty if it may run. It must not call functions that a
     * statement must not call, or run SQL that it builds itself.
     */
    public static Optional<String> refusal(String body) {
        List<SqlToken> tokens = SqlLexer.tokenizeBody(body);
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            if (token.isWord("execute") && (i == 0 || !tokens.get(i - 1).isPunctuation("."))) {
                return Optional.of("runs SQL that it makes itself (EXECUTE)");
            }
            if (token.isName() && i + 1 < tokens.size() && tokens.get(i + 1).isPunctuation("(")) {
                Name name = name(tokens, i);
                Optional<String> reason = DeniedNames.call(name.name())
                        .or(() -> isHarmlessInternal(name) ? Optional.empty() : DeniedNames.callInto(name.schema()));
                if (reason.isPresent()) {
                    return reason.map(why -> "calls '" + name + "': " + why);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isHarmlessInternal(Name name) {
        return name.schema().startsWith("_timescaledb_")
                && HARMLESS_INTERNALS.stream().anyMatch(name.name()::startsWith);
    }

    private static Name name(List<SqlToken> tokens, int i) {
        boolean qualified = i >= 2
                && tokens.get(i - 1).isPunctuation(".")
                && tokens.get(i - 2).isName();
        return new Name(qualified ? tokens.get(i - 2).text() : "", tokens.get(i).text());
    }

    /** Returns the names without schemas, for a lookup. */
    public static List<String> names(Set<Name> names) {
        return new ArrayList<>(names.stream().map(Name::name).distinct().toList());
    }
}
