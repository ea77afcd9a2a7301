package io.qicore.mcp.client.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values that a server suggests for an argument. Immutable.
 *
 * @param values the suggested values, at most 100
 * @param total how many values there are in all, or null if it is unknown
 * @param hasMore whether there are more values than these
 */
public record Completion(List<String> values, @Nullable Integer total, boolean hasMore) {
    /** Copies the list. */
    public Completion {
        values = List.copyOf(Objects.requireNonNull(values, "values"));
    }
}
