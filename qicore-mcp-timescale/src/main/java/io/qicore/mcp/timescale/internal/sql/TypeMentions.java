package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.timescale.internal.sql.SqlNames.Name;
import io.qicore.mcp.timescale.internal.sql.SqlToken.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a statement mentions besides functions, operators and relations, for callers that may use some schemas only.
 *
 * @param types names with a schema that stand where a type or a collation can stand. In doubt, a name counts as one
 * @param system a name that PostgreSQL has for its own catalogue, or for a type whose values are names of objects, if there is one
 */
public record TypeMentions(Set<Name> types, Optional<String> system) {

    /** Types such as regclass turn numbers into names; arrays of them have an underscore in front. */
    private static final Pattern SYSTEM = Pattern.compile(
            "_*(pg_(?!catalog$).*|reg(proc|procedure|oper|operator|class|type|namespace|role|collation|config|dictionary|database))");

    /** Words behind which an expression or a relation comes, so that a name with a dot is a column or a relation. */
    private static final Set<String> BEFORE_EXPRESSIONS = Set.of(
            "select",
            "distinct",
            "all",
            "on",
            "where",
            "and",
            "or",
            "not",
            "by",
            "having",
            "case",
            "when",
            "then",
            "else",
            "between",
            "like",
            "ilike",
            "to",
            "escape",
            "limit",
            "offset",
            "fetch",
            "from",
            "join",
            "using",
            "any",
            "some",
            "array",
            "row",
            "table",
            "zone",
            "values",
            "lateral",
            "only",
            "union",
            "intersect",
            "except",
            "overlaps",
            "symmetric",
            "asymmetric",
            "both",
            "leading",
            "trailing",
            "in",
            "for",
            "placing",
            "range",
            "rows",
            "groups",
            "variadic",
            "similar",
            "is",
            "isnull",
            "notnull");

    /** Copies the set. */
    public TypeMentions {
        types = Set.copyOf(types);
    }

    static TypeMentions in(List<SqlToken> tokens) {
        Set<Name> types = new LinkedHashSet<>();
        Optional<String> system = Optional.empty();
        for (int i = 0; i < tokens.size(); i++) {
            if (!tokens.get(i).isName()) {
                continue;
            }
            if (system.isEmpty() && SYSTEM.matcher(tokens.get(i).text()).matches()) {
                system = Optional.of(tokens.get(i).text());
            }
            if (!isAt(tokens, i - 1, ".")) {
                chain(tokens, i, types);
            }
        }
        return new TypeMentions(types, system);
    }

    /** Adds the schemas of a name with dots, if it stands where a type can stand. */
    private static void chain(List<SqlToken> tokens, int first, Set<Name> types) {
        int last = first;
        while (isAt(tokens, last + 1, ".")
                && last + 2 < tokens.size()
                && tokens.get(last + 2).isName()) {
            last += 2;
        }
        if (last > first && (isBehindTypeMark(tokens, first) || isBeforeString(tokens, last))) {
            for (int part = first; part < last; part += 2) {
                types.add(new Name(tokens.get(part).text(), tokens.get(part + 2).text()));
            }
        }
    }

    private static boolean isBehindTypeMark(List<SqlToken> tokens, int first) {
        if (first == 0) {
            return false;
        }
        SqlToken previous = tokens.get(first - 1);
        return previous.isPunctuation("::")
                || previous.kind() == Kind.QUOTED
                || previous.kind() == Kind.WORD && !BEFORE_EXPRESSIONS.contains(previous.text());
    }

    private static boolean isBeforeString(List<SqlToken> tokens, int last) {
        if (last + 1 >= tokens.size()) {
            return false;
        }
        Kind next = tokens.get(last + 1).kind();
        return next == Kind.STRING || next == Kind.ESCAPE_STRING || next == Kind.UNICODE_STRING;
    }

    private static boolean isAt(List<SqlToken> tokens, int i, String mark) {
        return i >= 0 && i < tokens.size() && tokens.get(i).isPunctuation(mark);
    }
}
