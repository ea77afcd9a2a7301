package io.qicore.mcp.kafka;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.kafka.access.KafkaConnection;
import java.util.Map;

/** A program that measures the lag of all groups. {@link ManyGroupsIT} starts it. */
final class ManyGroupsMain {

    private ManyGroupsMain() {}

    public static void main(String[] arguments) throws Exception {
        try (var server = new StreamingConsumerMCPServer(KafkaConnection.to(arguments[0]))) {
            server.initialize();
            try (var client = MCPClient.inProcess(server)) {
                for (String tool : new String[] {"get_consumer_lag", "find_lagging_groups"}) {
                    long start = System.nanoTime();
                    System.out.println(client.call(tool, Map.of()));
                    System.out.println(tool + ": " + (System.nanoTime() - start) / 1_000_000 + " ms");
                }
            }
        }
    }
}
