package io.qicore.mcp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;

/** Calls the tools of a live data server that agents use. Thread-safe. */
final class LiveDataTools {

    static final ToolContract GET_LIVE_PRICES =
            new ToolContract("get_live_prices", Set.of("symbols", "timeout"), Set.of("prices[].close"));

    static final List<ToolContract> TOOLS = List.of(GET_LIVE_PRICES);

    private final MCPClient client;

    LiveDataTools(MCPClient client) {
        this.client = Objects.requireNonNull(client, "client");
    }

    /** Returns the next price of a symbol; empty if no number arrives within the timeout. */
    OptionalDouble price(String symbol, Duration timeout) {
        JsonNode prices = GET_LIVE_PRICES
                .call(client, Map.of("symbols", List.of(symbol), "timeout", timeout.toMillis()))
                .required("prices");
        JsonNode close = prices.path(0).path("close");
        return close.isNumber() ? OptionalDouble.of(close.asDouble()) : OptionalDouble.empty();
    }
}
