package io.qicore.mcp.timescale.internal.guard;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@link CatalogQueries#LOOKUP}: a function or relation that is not known to be harmless.
 *
 * @param kind function, bound function (behind an operator, an aggregate or a cast) or relation
 * @param type {@code prokind} or {@code relkind}
 * @param builtIn whether it belongs to PostgreSQL
 * @param extension the extension to which it belongs
 * @param body the text of a function
 * @param tree its parsed expressions, in which ids stand for objects
 * @param definition its expressions as SQL, if one of them reads a setting
 * @param uses ids of the functions that it is made of
 * @param sortsBy id of an operator of an aggregate, or 0
 * @param settings settings that are changed while it runs, as {@code name=value}
 */
record Found(
        String kind,
        long id,
        String schema,
        String name,
        char type,
        String language,
        boolean isVolatile,
        boolean builtIn,
        @Nullable String extension,
        @Nullable String body,
        String tree,
        @Nullable String definition,
        String uses,
        long sortsBy,
        List<String> settings) {

    /**
     * Reads the current row.
     *
     * @param before the number of columns before those of the lookup
     */
    static Found read(ResultSet row, int before) throws SQLException {
        return new Found(
                row.getString(before + 1),
                row.getLong(before + 2),
                row.getString(before + 3),
                row.getString(before + 4),
                row.getString(before + 5).charAt(0),
                row.getString(before + 6),
                row.getBoolean(before + 7),
                row.getBoolean(before + 8),
                row.getString(before + 9),
                row.getString(before + 10),
                row.getString(before + 11),
                row.getString(before + 12),
                row.getString(before + 13),
                row.getLong(before + 14),
                list(row.getString(before + 15)));
    }

    private static List<String> list(@Nullable String lines) {
        return lines == null ? List.of() : List.of(lines.split("\n"));
    }

    boolean isRelation() {
        return kind.equals("relation");
    }

    boolean isAggregate() {
        return !isRelation() && type == 'a';
    }

    /** Returns the name for messages and for the list of the operator. */
    String fullName() {
        return schema + "." + name;
    }
}
