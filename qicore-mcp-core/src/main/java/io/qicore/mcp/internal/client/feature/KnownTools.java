package io.qicore.mcp.internal.client.feature;

import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.internal.client.protocol.Protocol;
import io.qicore.mcp.internal.client.protocol.Scope;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.log.LogLimit;
import io.qicore.mcp.internal.log.LogText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tools of the server, as it has listed them last. Thread-safe. */
final class KnownTools {

    private static final Logger log = LoggerFactory.getLogger(KnownTools.class);

    private final LogLimit warnings = new LogLimit(20);

    private final Protocol protocol;
    private final Lists lists;
    private final ResponseCache cache;
    private volatile Map<String, Known> known = Map.of();

    /**
     * A tool.
     *
     * @param description the description
     * @param headers the arguments that headers repeat; null if the tool cannot be called
     * @param fault why it cannot be called, or null
     */
    record Known(
            ToolDescription description,
            @Nullable ParamHeaders headers,
            @Nullable String fault) {}

    KnownTools(Protocol protocol, Lists lists, ResponseCache cache) {
        this.protocol = protocol;
        this.lists = lists;
        this.cache = cache;
    }

    /** Returns the tools that can be called, and remembers all. */
    CompletableFuture<List<ToolDescription>> list(Scope scope) {
        return lists.all(scope, MethodNames.LIST_TOOLS, "tools")
                .thenCombine(protocol.repeatsArguments(scope), (items, headers) -> {
                    Map<String, Known> read = new HashMap<>();
                    List<ToolDescription> usable = new ArrayList<>();
                    for (ToolDescription tool : Results.items(items, ToolDescription.class)) {
                        Known entry = entry(tool, headers);
                        read.put(tool.name(), entry);
                        if (entry.fault() == null) {
                            usable.add(tool);
                        } else if (warnings.allows()) {
                            log.warn(
                                    "The tool {} of {} cannot be called: {}",
                                    LogText.of(tool.name()),
                                    protocol,
                                    LogText.of(entry.fault()));
                        }
                    }
                    known = Map.copyOf(read);
                    return List.copyOf(usable);
                });
    }

    private static Known entry(ToolDescription tool, boolean headers) {
        try {
            return new Known(tool, headers ? ParamHeaders.of(tool.inputSchema()) : ParamHeaders.NONE, null);
        } catch (IllegalArgumentException e) {
            return new Known(tool, null, String.valueOf(e.getMessage()));
        }
    }

    /** Returns a tool if it has been listed, otherwise null. */
    @Nullable
    Known find(String tool) {
        return known.get(tool);
    }

    /** Returns a tool, which is listed now if it is not known; null if the server does not list it. */
    CompletableFuture<@Nullable Known> get(Scope scope, String tool) {
        Known found = find(tool);
        return found != null
                ? CompletableFuture.completedFuture(found)
                : list(scope).thenApply(listed -> find(tool));
    }

    /** Lists the tools anew, because what is known of them is wrong. */
    CompletableFuture<List<ToolDescription>> refresh(Scope scope) {
        cache.forget(MethodNames.LIST_TOOLS::equals);
        return list(scope);
    }

    /** Returns the failure of a call of a tool that cannot be called. */
    MCPConnectionException unusable(Known tool) {
        return new MCPConnectionException(
                "The tool " + LogText.of(tool.description().name()) + " of " + protocol + " cannot be called: "
                        + LogText.of(tool.fault()) + ".",
                null);
    }
}
