package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a call could not find out, so that it can answer the rest. For use by the thread that serves the call.
 */
public final class Warnings {

    private static final int MAX_WARNINGS = 5;

    private final Set<String> messages = new LinkedHashSet<>();

    /**
     * Reads something that the answer can do without.
     *
     * @return empty if it failed, which is noted, or gave null
     * @throws MCPToolError only when the call was cancelled
     */
    public <T> Optional<T> attempt(Supplier<@Nullable T> reading) {
        try {
            return Optional.ofNullable(reading.get());
        } catch (MCPToolError e) {
            if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            add(e.getMessage());
            return Optional.empty();
        }
    }

    /** Notes one, if there is one; the same sentence is noted once. */
    public void add(@Nullable String message) {
        if (message != null) {
            messages.add(message);
        }
    }

    /** Whether nothing was missed. */
    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** The first few; null if there are none, so that they are left out of the answer. */
    @Nullable
    public List<String> orNull() {
        if (messages.isEmpty()) {
            return null;
        }
        List<String> first =
                new ArrayList<>(messages.stream().limit(MAX_WARNINGS).toList());
        if (messages.size() > MAX_WARNINGS) {
            first.add((messages.size() - MAX_WARNINGS) + " more.");
        }
        return first;
    }
}
