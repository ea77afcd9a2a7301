package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The columns by which a result is paged. Rows are in the order of these columns, and each page begins after the last
 * key of the page before. Immutable.
 *
 * @param columns names of columns of the result
 * @param descending whether the largest come first
 * @param after the key behind which the page begins, each value as PostgreSQL writes it; empty for the first page
 */
public record PageKeys(List<String> columns, boolean descending, List<String> after) {

    /** The keys of a result without pages. */
    public static final PageKeys NONE = new PageKeys(List.of(), false, List.of());

    /** The largest length of a key value, in characters. */
    static final int MAX_KEY_CHARACTERS = 1000;

    /** Copies the lists. */
    public PageKeys {
        columns = List.copyOf(columns);
        after = List.copyOf(after);
    }

    boolean isPaged() {
        return !columns.isEmpty();
    }

    /**
     * Returns the positions of the columns in a result.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if one is missing or ambiguous
     */
    List<Integer> indexes(List<ResultColumn> result) {
        List<String> names = result.stream().map(ResultColumn::name).toList();
        List<Integer> indexes = new ArrayList<>();
        for (String column : columns) {
            int index = names.indexOf(column);
            if (index < 0 || index != names.lastIndexOf(column)) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "'pageBy' names '" + column + "', which is " + (index < 0 ? "no column" : "several columns")
                                + " of the result. It has " + String.join(", ", names) + ".",
                        Map.of("column", column));
            }
            indexes.add(index);
        }
        return indexes;
    }

    /**
     * Returns the SQL after the subquery, which selects and orders the rows. It ends with a placeholder for each
     * value of the key.
     */
    String tail(List<Integer> indexes) {
        if (!isPaged()) {
            return "";
        }
        String order =
                indexes.stream().map(i -> "c" + i + (descending ? " DESC" : "")).collect(Collectors.joining(", "));
        if (after.isEmpty()) {
            return " ORDER BY " + order;
        }
        String keys = indexes.stream().map(i -> "c" + i).collect(Collectors.joining(", "));
        String marks = IntStream.range(0, after.size()).mapToObj(i -> "?").collect(Collectors.joining(", "));
        return " WHERE (" + keys + ")" + (descending ? " < " : " > ") + "(" + marks + ") ORDER BY " + order;
    }
}
