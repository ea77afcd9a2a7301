package io.qicore.mcp.timescale.internal.sql;

import java.util.Set;

/**
 * What a text of SQL mentions, as names that the catalogue can resolve. It never has less than what PostgreSQL could
 * resolve to a function or relation, and may have more. Immutable.
 *
 * @param calls names in front of an opening bracket
 * @param attributes names behind a dot, as in {@code row.f}, which may call {@code f(row)}; without schema
 * @param operators operators, also those that key words such as {@code LIKE} stand for
 * @param relations names where a table or view can stand, except common table expressions
 * @param settings arguments of {@code current_setting}, in lower case
 * @param activity whether the text is a statement that reads only harmless columns of {@code pg_stat_activity}
 */
public record SqlNames(
        Set<Name> calls,
        Set<Name> attributes,
        Set<Name> operators,
        Set<Name> relations,
        Set<String> settings,
        boolean activity) {

    /** Nothing is mentioned. */
    public static final SqlNames NONE = new SqlNames(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), false);

    /**
     * A name, as PostgreSQL reads it: folded, cut, and without quotes and escapes.
     *
     * @param schema the name in front of the dot, or an empty text for the search path
     */
    public record Name(String schema, String name) {

        @Override
        public String toString() {
            return schema.isEmpty() ? name : schema + "." + name;
        }
    }

    /** Copies the sets. */
    public SqlNames {
        calls = Set.copyOf(calls);
        attributes = Set.copyOf(attributes);
        operators = Set.copyOf(operators);
        relations = Set.copyOf(relations);
        settings = Set.copyOf(settings);
    }

    /** Returns the names of a statement that reads one relation and nothing else. */
    public static SqlNames ofRelation(String schema, String name) {
        return new SqlNames(Set.of(), Set.of(), Set.of(), Set.of(new Name(schema, name)), Set.of(), false);
    }

    /** Returns whether nothing has to be looked up. */
    public boolean isEmpty() {
        return settings.isEmpty()
                && calls.isEmpty()
                && attributes.isEmpty()
                && operators.isEmpty()
                && relations.isEmpty();
    }
}
