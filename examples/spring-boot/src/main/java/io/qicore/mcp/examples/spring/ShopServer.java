package io.qicore.mcp.examples.spring;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A server with a tool that reads and one that destroys. Their annotations decide which right each of them needs. */
final class ShopServer extends StatelessMCPServer {

    record Nothing() {}

    record Order(String id, String state, @Nullable String cancelledBy) {}

    record Orders(List<Order> orders) {}

    record Cancellation(
            @Schema("Number of the order, as list_orders returns it")
            String id) {}

    private final Map<String, Order> orders = new ConcurrentSkipListMap<>(
            Map.of("A-1", new Order("A-1", "open", null), "A-2", new Order("A-2", "open", null)));

    ShopServer(ServerSettings settings) {
        super(new ServerInfo("shop", "1.0"), settings);
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(
                MCPTool.builder("list_orders", Nothing.class, Orders.class)
                        .description("Lists the orders with their states, and who has cancelled them.")
                        .annotations(ToolAnnotations.readOnly())
                        .handler((nothing, context) -> new Orders(List.copyOf(orders.values())))
                        .build(),
                MCPTool.builder("cancel_order", Cancellation.class, Order.class)
                        .description("Cancels an order. This cannot be undone.")
                        .annotations(ToolAnnotations.destructive())
                        .handler((order, context) ->
                                cancel(order.id(), context.caller().subject()))
                        .build());
    }

    private Order cancel(String id, @Nullable String user) {
        Order cancelled = orders.computeIfPresent(
                id, (key, order) -> order.cancelledBy() == null ? new Order(id, "cancelled", user) : order);
        if (cancelled == null) {
            throw new MCPToolError("ORDER_NOT_FOUND", "No order '" + id + "'. Call list_orders to see all.");
        }
        return cancelled;
    }
}
