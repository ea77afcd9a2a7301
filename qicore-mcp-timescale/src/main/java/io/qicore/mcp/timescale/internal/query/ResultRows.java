package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one answer. Rows are read until the limit of rows or bytes is reached; a page ends with the last row whose
 * key does not continue on the next page. Confined to one thread.
 */
final class ResultRows {

    private final List<ResultColumn> columns;
    private final int keyCount;
    private final int maxRows;
    private final JsonRows json;
    private final List<List<@Nullable String>> keys = new ArrayList<>();
    private final List<Long> ranks = new ArrayList<>();
    private boolean more;

    /**
     * @param keyCount how many columns with the text of a key follow the columns of the result. Behind them comes a
     *     number that is the same for rows with equal keys
     */
    ResultRows(List<ResultColumn> columns, int keyCount, int maxRows) {
        this.columns = columns;
        this.keyCount = keyCount;
        this.maxRows = maxRows;
        this.json = new JsonRows(columns);
    }

    JsonRows json() {
        return json;
    }

    /** Returns whether the result has more rows. */
    boolean more() {
        return more;
    }

    /** Returns the number of rows that may still be added. */
    int room() {
        return maxRows - json.count();
    }

    /** Returns the key of the last row of a page. */
    List<@Nullable String> lastKey() {
        return keys.get(keys.size() - 1);
    }

    /**
     * Reads rows. May be called again for the rows of another statement while there are no {@linkplain #more() more}.
     *
     * @throws MCPToolError if a single value or row is too large, or a page cannot be ended
     */
    void read(ResultSet result) throws SQLException {
        ranks.clear();
        @Nullable String[] texts = new String[columns.size()];
        more = result.next();
        while (more && json.count() < maxRows) {
            for (int i = 0; i < texts.length; i++) {
                texts[i] = result.getString(i + 1);
            }
            if (!json.add(texts)) {
                break;
            }
            if (keyCount > 0) {
                keys.add(key(result));
                ranks.add(rank(result));
            }
            more = result.next();
        }
        if (more && keyCount > 0) {
            endBefore(rank(result));
        }
    }

    /** Removes rows whose key continues on the next page, since that page would skip them. */
    private void endBefore(long next) {
        while (!ranks.isEmpty() && ranks.get(ranks.size() - 1) == next) {
            ranks.remove(ranks.size() - 1);
            keys.remove(keys.size() - 1);
        }
        json.keep(keys.size());
        if (keys.isEmpty()) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "More rows than fit into one page have the same values in the columns of 'pageBy'. Add a column that"
                            + " tells them apart, such as the primary key.",
                    Map.of("argument", "pageBy"));
        }
    }

    private long rank(ResultSet result) throws SQLException {
        return result.getLong(columns.size() + keyCount + 1);
    }

    private List<@Nullable String> key(ResultSet result) throws SQLException {
        List<@Nullable String> key = new ArrayList<>(keyCount);
        for (int i = 0; i < keyCount; i++) {
            String text = result.getString(columns.size() + i + 1);
            if (text != null && text.length() > PageKeys.MAX_KEY_CHARACTERS) {
                throw JsonRows.tooLarge(
                        "A value of 'pageBy' has more than " + PageKeys.MAX_KEY_CHARACTERS + " characters.");
            }
            key.add(text);
        }
        return key;
    }
}
