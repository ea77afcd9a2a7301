package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogLimit;
import io.qicore.mcp.tool.LogLevel;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client says about itself.
 *
 * @param info name and version
 * @param capabilities what it can do for the server, the same for all revisions
 * @param tasks whether it follows tool calls that go on as tasks
 * @param logLevel from which severity on it wants log messages; null if it wants none
 * @param trace the trace context of the current call, by the names of its headers
 */
public record Declaration(
        ObjectNode info,
        ObjectNode capabilities,
        boolean tasks,
        @Nullable LogLevel logLevel,
        Supplier<Map<String, String>> trace) {

    /** The extension of tasks. */
    public static final String TASKS = "io.modelcontextprotocol/tasks";

    private static final Logger log = LoggerFactory.getLogger(Declaration.class);
    private static final LogLimit WARNINGS = new LogLimit(20);

    private static final Set<String> TRACE = Set.of("traceparent", "tracestate", "baggage");

    /** Returns the capabilities for a revision without a handshake, which has the extension of tasks. */
    ObjectNode modernCapabilities() {
        ObjectNode all = capabilities.deepCopy();
        if (tasks) {
            all.putObject("extensions").putObject(TASKS);
        }
        return all;
    }

    /** Returns the log level as the protocol names it, or null. */
    @Nullable
    String level() {
        return logLevel == null ? null : logLevel.name().toLowerCase(Locale.ROOT);
    }

    /** Adds the trace context to {@code _meta}. */
    void addTrace(ObjectNode meta) {
        Map<String, String> context;
        try {
            context = trace.get();
        } catch (RuntimeException e) {
            // A call must not fail because it cannot be traced.
            if (WARNINGS.allows()) {
                log.warn("The trace context is left out, because it cannot be read", e);
            }
            return;
        }
        context.forEach((name, value) -> {
            if (TRACE.contains(name)) {
                meta.put(name, value);
            }
        });
    }

    /** Returns an object with name and version. */
    public static ObjectNode info(String name, String version) {
        return Json.object().put("name", name).put("version", version);
    }
}
