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
 * Collects messages about data that a call could not read, so that it can answer with the rest. Only the thread that serves
 * the call may use it.
 */
public final class Warnings {

    private static final int MAX_WARNINGS = 5;

    private final Set<String> messages = new LinkedHashSet<>();

    /**
     * Reads data without which the call can still answer. A failure becomes a warning.
     *
     * @return the data; empty if reading failed or returned null
     * @throws MCPToolError only if the call was cancelled
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

    /** Adds a warning. Does nothing for null and for a message that has already been added. */
    public void add(@Nullable String message) {
        if (message != null) {
            messages.add(message);
        }
    }

    /** Adds all warnings of another collection. */
    public void addAll(Warnings others) {
        messages.addAll(others.messages);
    }

    /** Returns whether there are no warnings. */
    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** Returns the first warnings, or null if there are none, so that the answer does not have the field. */
    @Nullable
    public List<String> orNull() {
        if (messages.isEmpty()) {
            return null;
        }
        List<String> first =
                new ArrayList<>(messages.stream().limit(MAX_WARNINGS).toList());
        if (messages.size() > MAX_WARNINGS) {
            first.add((messages.size() - MAX_WARNINGS) + " more warnings.");
        }
        return first;
    }
}
