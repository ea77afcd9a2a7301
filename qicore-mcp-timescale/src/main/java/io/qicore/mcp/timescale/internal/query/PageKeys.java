package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns by which a result is paged. Rows are in the order of these columns, and each page begins after the last
 * key of the page before. Rows with NULL in a key come last, from a statement of their own: so the others are found by a
 * comparison that an index can serve. Immutable.
 *
 * @param columns names of columns of the result
 * @param descending whether the largest come first
 * @param after the key behind which the page begins, each value as PostgreSQL writes it or null for NULL; empty for the
 *     first page
 */
public record PageKeys(List<String> columns, boolean descending, List<@Nullable String> after) {

    /** The keys of a result without pages. */
    public static final PageKeys NONE = new PageKeys(List.of(), false, List.of());

    /** The largest length of a key value, in characters. */
    static final int MAX_KEY_CHARACTERS = 1000;

    /** Types whose values compare by their number, while their text is a name. */
    private static final Set<String> NAMES_OF_OIDS = Set.of(
            "regclass",
            "regcollation",
            "regconfig",
            "regdictionary",
            "regnamespace",
            "regoper",
            "regoperator",
            "regproc",
            "regprocedure",
            "regrole",
            "regtype");

    /**
     * A condition.
     *
     * @param arguments the text for each placeholder
     */
    record Condition(String sql, List<String> arguments) {}

    /** Copies the lists. */
    public PageKeys {
        columns = List.copyOf(columns);
        after = Collections.unmodifiableList(new ArrayList<>(after));
    }

    /** Returns the keys that begin after a key that {@link #write} wrote. */
    static PageKeys after(List<String> columns, boolean descending, List<String> cursor) {
        List<@Nullable String> after = new ArrayList<>();
        for (String value : cursor) {
            after.add(value.startsWith("=") ? value.substring(1) : null);
        }
        return new PageKeys(columns, descending, after);
    }

    /** Returns a key as the values of a cursor. */
    static List<String> write(List<@Nullable String> key) {
        return key.stream().map(value -> value == null ? "" : "=" + value).toList();
    }

    boolean isPaged() {
        return !columns.isEmpty();
    }

    /** Returns whether the page begins among the rows with NULL in a key. */
    boolean isAmongNulls() {
        return after.stream().anyMatch(value -> value == null);
    }

    /**
     * Returns the positions of the columns in a result.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if one is missing, ambiguous or of a type
     *     without comparable text
     */
    List<Integer> indexes(List<ResultColumn> result) {
        List<String> names = result.stream().map(ResultColumn::name).toList();
        List<Integer> indexes = new ArrayList<>();
        for (String column : columns) {
            int index = names.indexOf(column);
            if (index < 0 || index != names.lastIndexOf(column)) {
                throw refused(
                        column,
                        "is " + (index < 0 ? "no column" : "several columns") + " of the result. It has "
                                + String.join(", ", names) + ".");
            }
            if (result.get(index).typeName().matches("_?record|any.*|unknown")) {
                throw refused(column, "is of type " + result.get(index).type() + ". Use its parts as columns instead.");
            }
            indexes.add(index);
        }
        return indexes;
    }

    private static MCPToolError refused(String column, String why) {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "'pageBy' names '" + column + "', which " + why,
                Map.of("argument", "pageBy", "column", column));
    }

    /**
     * Returns SQL that selects the text of each key, and a number that is the same for rows with equal keys. Equal keys may
     * be written differently, as 10 and 10.0.
     */
    String selected(List<ResultColumn> result, List<Integer> indexes) {
        return indexes.stream()
                        .map(i -> "pg_catalog.left("
                                + CellFormat.text(
                                        NAMES_OF_OIDS.contains(result.get(i).typeName())
                                                ? "CAST(c" + i + " AS pg_catalog.oid)"
                                                : "c" + i)
                                + ", " + (MAX_KEY_CHARACTERS + 1) + ")")
                        .collect(Collectors.joining(", "))
                + ", pg_catalog.dense_rank() OVER (" + order(indexes).strip() + ")";
    }

    /** Returns the order of the rows. */
    String order(List<Integer> indexes) {
        return " ORDER BY "
                + indexes.stream()
                        .map(i -> "c" + i + (descending ? " DESC" : ""))
                        .collect(Collectors.joining(", "));
    }

    /** Returns the condition for the rows of this page without NULL in a key, if they come after one. */
    Condition withoutNulls(List<Integer> indexes) {
        String present = indexes.stream()
                .map(i -> "c" + i + " IS DISTINCT FROM NULL")
                .collect(Collectors.joining(" AND ", " WHERE ", ""));
        if (after.isEmpty()) {
            return new Condition(present, List.of());
        }
        List<String> values = after.stream().map(String::valueOf).toList();
        String keys = indexes.stream().map(i -> "c" + i).collect(Collectors.joining(", "));
        return new Condition(present + " AND " + compared(keys, descending ? "<" : ">", values.size()), values);
    }

    /** Returns the condition for the rows of this page with NULL in a key, which come after all others. */
    Condition withNulls(List<Integer> indexes) {
        String absent = indexes.stream()
                .map(i -> "c" + i + " IS NOT DISTINCT FROM NULL")
                .collect(Collectors.joining(" OR ", " WHERE (", ")"));
        if (!isAmongNulls()) {
            return new Condition(absent, List.of());
        }
        List<String> arguments = new ArrayList<>();
        List<String> cases = new ArrayList<>();
        for (int last = 0; last < indexes.size(); last++) {
            List<String> all = new ArrayList<>();
            List<String> values = new ArrayList<>();
            for (int i = 0; i < last; i++) {
                all.add(equal("c" + indexes.get(i), after.get(i), values));
            }
            String value = after.get(last);
            String column = "c" + indexes.get(last);
            // NULL is the largest value, as in the order.
            if (value == null && !descending) {
                continue;
            }
            if (value == null) {
                all.add(column + " IS DISTINCT FROM NULL");
            } else {
                values.add(value);
                String behind = compared(column, descending ? "<" : ">", 1);
                all.add(descending ? behind : "(" + behind + " OR " + column + " IS NOT DISTINCT FROM NULL)");
            }
            cases.add("(" + String.join(" AND ", all) + ")");
            arguments.addAll(values);
        }
        return new Condition(
                absent + " AND " + (cases.isEmpty() ? "false" : "(" + String.join(" OR ", cases) + ")"), arguments);
    }

    private static String equal(String column, @Nullable String value, List<String> values) {
        if (value == null) {
            return column + " IS NOT DISTINCT FROM NULL";
        }
        values.add(value);
        values.add(value);
        return compared(column, ">=", 1) + " AND " + compared(column, "<=", 1);
    }

    /**
     * Compares rows, not single values. PostgreSQL requires that the operator of a row comparison belongs to the order of
     * the type; a single one could be any that somebody has created.
     */
    private static String compared(String columns, String operator, int count) {
        String marks = IntStream.range(0, count).mapToObj(i -> "?").collect(Collectors.joining(", "));
        return "(" + columns + (count == 1 ? ", 1) " : ") ") + operator + " (" + marks + (count == 1 ? ", 1)" : ")");
    }
}
