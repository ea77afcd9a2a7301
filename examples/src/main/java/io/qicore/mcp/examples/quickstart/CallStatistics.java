package io.qicore.mcp.examples.quickstart;

import io.qicore.mcp.client.CallListener;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects the durations of tool calls. Thread-safe. */
final class CallStatistics implements CallListener {

    private final List<Duration> durations = new ArrayList<>();
    private final Map<String, Integer> failures = new TreeMap<>();

    @Override
    public synchronized void called(String tool, Duration took, @Nullable RuntimeException failure) {
        durations.add(took);
        if (failure != null) {
            String code = failure instanceof MCPToolError error
                    ? error.code()
                    : failure.getClass().getSimpleName();
            failures.merge(code, 1, Integer::sum);
        }
    }

    synchronized int calls() {
        return durations.size();
    }

    /** Returns the number of failed calls for each code of an error. */
    synchronized Map<String, Integer> failures() {
        return Map.copyOf(failures);
    }

    /** Returns a percentile of the durations (nearest rank), or zero if there have been no calls. */
    synchronized Duration percentile(int percent) {
        if (durations.isEmpty()) {
            return Duration.ZERO;
        }
        List<Duration> sorted = new ArrayList<>(durations);
        Collections.sort(sorted);
        return sorted.get((int) Math.ceil(percent / 100.0 * sorted.size()) - 1);
    }
}
