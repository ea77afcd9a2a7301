package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The rows of one answer. Rows are read until the limit of rows or characters is reached, or until the last row with
 * which a page can end. Confined to one thread.
 */
final class ResultRows {

    /** The largest length of a value, in characters of its text. */
    static final int MAX_CELL_CHARACTERS = 32 * 1024;

    /** The largest number of characters of all rows together. */
    static final int MAX_RESULT_CHARACTERS = 256 * 1024;

    private final List<ResultColumn> columns;
    private final int keyCount;
    private final List<List<JsonNode>> rows = new ArrayList<>();
    private final List<List<String>> keys = new ArrayList<>();
    private long characters;
    private boolean more;

    private ResultRows(List<ResultColumn> columns, int keyCount) {
        this.columns = columns;
        this.keyCount = keyCount;
    }

    /**
     * Reads a result that has the given columns, followed by the text of each key column.
     *
     * @throws MCPToolError if a single value or row is too large, or a page cannot be ended
     */
    static ResultRows read(ResultSet result, List<ResultColumn> columns, int keyCount, int maxRows)
            throws SQLException {
        ResultRows rows = new ResultRows(columns, keyCount);
        rows.fill(result, maxRows);
        return rows;
    }

    List<List<JsonNode>> rows() {
        return rows;
    }

    /** Returns whether the result has more rows. */
    boolean more() {
        return more;
    }

    /** Returns the key of the last row of a page. */
    List<String> lastKey() {
        return keys.get(keys.size() - 1);
    }

    private void fill(ResultSet result, int maxRows) throws SQLException {
        more = result.next();
        while (more && rows.size() < maxRows) {
            List<JsonNode> row = row(result);
            if (characters > MAX_RESULT_CHARACTERS) {
                if (rows.isEmpty()) {
                    throw tooLarge("The first row has more than " + MAX_RESULT_CHARACTERS + " characters.");
                }
                break;
            }
            rows.add(row);
            if (keyCount > 0) {
                keys.add(key(result));
            }
            more = result.next();
        }
        if (more && keyCount > 0) {
            endBeforeKey(key(result));
        }
    }

    private List<JsonNode> row(ResultSet result) throws SQLException {
        List<JsonNode> row = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            String text = result.getString(i + 1);
            int length = text == null ? 4 : text.length();
            if (length > MAX_CELL_CHARACTERS) {
                throw tooLarge("The value of column '" + columns.get(i).name() + "' in row " + (rows.size() + 1)
                        + " has more than " + MAX_CELL_CHARACTERS + " characters.");
            }
            characters += length + 3L;
            row.add(columns.get(i).format().toJson(text));
        }
        return row;
    }

    /** Removes rows whose key continues on the next page, since that page would skip them. */
    private void endBeforeKey(List<String> next) {
        while (!keys.isEmpty() && lastKey().equals(next)) {
            rows.remove(rows.size() - 1);
            keys.remove(keys.size() - 1);
        }
        if (rows.isEmpty()) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "More rows than fit into one page have the same values in the columns of 'pageBy'. Add a column that"
                            + " tells them apart, such as the primary key.",
                    Map.of());
        }
    }

    private List<String> key(ResultSet result) throws SQLException {
        List<String> key = new ArrayList<>(keyCount);
        for (int i = 0; i < keyCount; i++) {
            String text = result.getString(columns.size() + i + 1);
            if (text == null) {
                throw nullKey();
            }
            if (text.length() > PageKeys.MAX_KEY_CHARACTERS) {
                throw tooLarge("A value of 'pageBy' has more than " + PageKeys.MAX_KEY_CHARACTERS + " characters.");
            }
            key.add(text);
        }
        return key;
    }

    /** Refuses NULL, which cannot be compared with a key. */
    static MCPToolError nullKey() {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "A column of 'pageBy' has NULLs, which would be lost between pages. Leave those rows out with WHERE … IS"
                        + " NOT NULL, or use coalesce in the statement.",
                Map.of());
    }

    private static MCPToolError tooLarge(String what) {
        return new MCPToolError(
                TimescaleErrorCode.RESULT_TOO_LARGE,
                what + " Select fewer columns, or a part such as left(col::text, 1000) or length(col).",
                Map.of("maxCellCharacters", MAX_CELL_CHARACTERS, "maxResultCharacters", MAX_RESULT_CHARACTERS));
    }
}
