package io.qicore.mcp.timescale.internal.connect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a pipeline.
 *
 * @param sql the statement, with JDBC placeholders
 * @param values the text of each placeholder, whose type the server infers, or null
 * @param repeats whether the same text is probably sent again, so that it is worth preparing
 */
public record Part(String sql, List<@Nullable String> values, boolean repeats) {

    /** Copies the list. */
    public Part {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** Creates a statement that is parsed each time. */
    public Part(String sql, List<@Nullable String> values) {
        this(sql, values, false);
    }

    /** Creates a statement without placeholders that is parsed each time. */
    public Part(String sql) {
        this(sql, List.of());
    }
}
