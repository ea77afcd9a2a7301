package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.timescale.internal.sql.SqlNames.Name;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the names that stand where a table can stand: behind {@code FROM}, {@code JOIN}, {@code TABLE} and the commas of
 * a {@code FROM} clause. Aliases and columns are left out, and so are common table expressions where they are in scope.
 * In doubt, a name counts as a table. Confined to one thread.
 */
final class RelationNames {

    /** Words that end a FROM clause. All are reserved, so that they are not names of tables. */
    private static final Set<String> ENDS_FROM = Set.of(
            "select",
            "where",
            "group",
            "having",
            "window",
            "order",
            "limit",
            "offset",
            "fetch",
            "union",
            "intersect",
            "except");

    /** Functions that have FROM between their arguments. */
    private static final Set<String> FROM_INSIDE = Set.of("extract", "substring", "trim", "overlay");

    /** The text between two brackets. */
    private static final class Level {
        final Set<String> expressions;
        boolean from;
        /** Whether a table can come next. */
        boolean table;
        /** Whether this is between the brackets of a function of {@link #FROM_INSIDE}. */
        boolean fromInside;
        /** Whether this level is in the list behind WITH. */
        boolean with;
        /** The common table expression whose body this level is. */
        @Nullable
        String defines;

        Level(Set<String> expressions) {
            this.expressions = new HashSet<>(expressions);
        }
    }

    private final List<SqlToken> tokens;
    private final boolean expressions;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final Set<Name> found = new LinkedHashSet<>();
    /** The common table expression whose body begins with the next bracket. */
    private @Nullable String pending;

    private RelationNames(List<SqlToken> tokens, boolean expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /**
     * Returns the names.
     *
     * @param expressions whether common table expressions are left out. In the body of a function their scope is not
     *     clear from the brackets.
     */
    static Set<Name> in(List<SqlToken> tokens, boolean expressions) {
        RelationNames names = new RelationNames(tokens, expressions);
        names.levels.push(new Level(Set.of()));
        for (int i = 0; i < tokens.size(); ) {
            i = names.read(i);
        }
        return names.found;
    }

    /** Reads the token at an index. Returns the index of the next one to read. */
    private int read(int i) {
        SqlToken token = tokens.get(i);
        Level level = levels.element();
        if (token.isPunctuation("(")) {
            open(i, level);
        } else if (token.isPunctuation(")") && levels.size() > 1) {
            levels.pop();
            if (level.defines != null) {
                levels.element().expressions.add(level.defines);
            }
        } else if (token.isPunctuation(",")) {
            level.table = level.from;
            if (level.with) {
                return expression(i + 1, false);
            }
        } else if (token.isPunctuation(";")) {
            level.from = false;
            level.table = false;
        } else if (token.isName()) {
            return name(i, level);
        } else {
            level.table = false;
        }
        return i + 1;
    }

    private void open(int i, Level outside) {
        Level inside = new Level(outside.expressions);
        inside.from = outside.table;
        inside.table = outside.table;
        inside.fromInside = i > 0 && FROM_INSIDE.contains(tokens.get(i - 1).text());
        inside.defines = pending;
        pending = null;
        outside.table = false;
        levels.push(inside);
    }

    private int name(int i, Level level) {
        SqlToken token = tokens.get(i);
        boolean label = i > 0
                && (tokens.get(i - 1).isPunctuation(".") || tokens.get(i - 1).isWord("as"));
        if (label) {
            level.table = false;
            return i + 1;
        }
        if (token.isWord("from")) {
            boolean clause = !level.fromInside && !comparesDistinct(i);
            level.from |= clause;
            level.table |= clause;
        } else if (token.isWord("join") || token.isWord("table")) {
            level.from = true;
            level.table = true;
        } else if (expressions && token.isWord("with") && (i == 0 || isAt(i - 1, "("))) {
            level.with = true;
            boolean recursive = isWordAt(i + 1, "recursive");
            return expression(recursive ? i + 2 : i + 1, recursive);
        } else if (token.kind() == SqlToken.Kind.WORD && ENDS_FROM.contains(token.text())) {
            level.from = false;
            level.table = false;
            level.with = false;
            // SET trim (SELECT …) behind a common table expression: the brackets hold a query.
            level.fromInside = false;
        } else if (level.table && !token.isWord("only") && !token.isWord("lateral")) {
            return table(i, level);
        }
        return i + 1;
    }

    /** Returns whether FROM belongs to {@code IS [NOT] DISTINCT FROM}. A column may be named distinct or is, too. */
    private boolean comparesDistinct(int i) {
        int is = isWordAt(i - 2, "not") ? i - 3 : i - 2;
        return isWordAt(i - 1, "distinct") && isWordAt(is, "is") && !isAt(is - 1, ".") && !isWordAt(is - 1, "as");
    }

    /**
     * Reads the beginning of a common table expression, {@code name (columns) AS MATERIALIZED}. The name is in scope
     * after its body, and inside of it only behind {@code WITH RECURSIVE}.
     */
    private int expression(int i, boolean recursive) {
        if (i >= tokens.size() || !tokens.get(i).isName()) {
            return i;
        }
        int next = i + 1;
        if (isAt(next, "(")) {
            while (next < tokens.size() && !isAt(next, ")")) {
                next++;
            }
            next++;
        }
        if (isWordAt(next, "as")) {
            next++;
            while (isWordAt(next, "not") || isWordAt(next, "materialized")) {
                next++;
            }
            if (isAt(next, "(")) {
                pending = tokens.get(i).text();
                if (recursive) {
                    levels.element().expressions.add(pending);
                }
                return next;
            }
        }
        return i;
    }

    private int table(int i, Level level) {
        int last = i;
        while (last + 2 < tokens.size()
                && isAt(last + 1, ".")
                && tokens.get(last + 2).isName()) {
            last += 2;
        }
        level.table = false;
        boolean function = isAt(last + 1, "(");
        // ROWS FROM (f(), g()) has a FROM of its own.
        boolean rows = tokens.get(i).isWord("rows") && isWordAt(last + 1, "from");
        if (!function && !rows) {
            String schema = last == i ? "" : tokens.get(last - 2).text();
            String name = tokens.get(last).text();
            if (!schema.isEmpty() || !level.expressions.contains(name)) {
                found.add(new Name(schema, name));
            }
        }
        return function ? last : last + 1;
    }

    private boolean isAt(int i, String mark) {
        return i >= 0 && i < tokens.size() && tokens.get(i).isPunctuation(mark);
    }

    private boolean isWordAt(int i, String word) {
        return i >= 0 && i < tokens.size() && tokens.get(i).isWord(word);
    }
}
