package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.agent.DataFlowRequest;
import io.qicore.mcp.agent.DataPipelineAgent;
import io.qicore.mcp.agent.TableDefinition;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.host.MCPServerFactory;
import io.qicore.mcp.host.MCPServerRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Tests a complete data flow that an agent sets up through MCP over HTTP, on the infrastructure of a subclass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DataStreamingContract {

    private static final String TOPIC = "test-crypto-data";
    private static final String SOURCE = "test-source";
    private static final int RECORDS = 600;

    private StreamingInfrastructure infrastructure;
    private MCPServerRegistry registry;

    abstract StreamingInfrastructure startInfrastructure();

    @BeforeAll
    void start() {
        infrastructure = startInfrastructure();
        Map<String, String> environment = new HashMap<>(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", infrastructure.bootstrapServers(),
                "TIMESCALE_URL", infrastructure.jdbcUrl(),
                "TIMESCALE_USER", infrastructure.username(),
                "TIMESCALE_PASSWORD", infrastructure.password()));
        for (String server : List.of("KAFKA", "TIMESCALE", "PRODUCER")) {
            environment.put(server + "_MCP_ENABLED", "true");
            environment.put(server + "_MCP_PORT", "0");
        }
        registry = MCPServerFactory.startFromEnvironment(environment);
        assertThat(registry.failures()).isEmpty();
    }

    @AfterAll
    void stop() {
        if (registry != null) {
            registry.stopAll();
        }
        if (infrastructure != null) {
            infrastructure.close();
        }
    }

    @Test
    void shouldHandleCompleteDataFlow() {
        try (MCPClient kafka = client("kafka");
                MCPClient timescale = client("timescale");
                MCPClient producer = client("producer");
                DataPipelineAgent agent = new DataPipelineAgent(kafka, timescale, producer)) {

            agent.orchestrateDataFlow(new DataFlowRequest(
                            TOPIC,
                            SOURCE,
                            1,
                            1000,
                            Map.of("candlesPerSymbol", RECORDS / 2, "symbols", List.of("BTC", "ETH"), "rate", 0))
                    .withTable(new TableDefinition(
                            "test_candles",
                            List.of(
                                    new TableDefinition.Column("time", "timestamptz"),
                                    new TableDefinition.Column("close", "double precision")),
                            List.of("time"),
                            "time")));
            await().atMost(Duration.ofSeconds(20)).until(() -> status(producer).equals("completed"));
            consumeAll();

            assertThat(kafka.call("get_consumer_lag", Map.of("topic", TOPIC))
                            .get("lag")
                            .asLong())
                    .isLessThan(100);
            assertThat(kafka.call("get_consumer_lag", Map.of("topic", TOPIC))
                            .get("topic")
                            .asText())
                    .isEqualTo(TOPIC);
            assertThat(timescale.call("list_tables", Map.of()).get("tables").findValuesAsText("name"))
                    .contains("test_candles");
        }
    }

    private MCPClient client(String server) {
        return MCPClient.http(registry.endpoint(server).orElseThrow());
    }

    private static String status(MCPClient producer) {
        return producer.call("get_producer_status", Map.of())
                .get("producers")
                .get(0)
                .get("status")
                .asText();
    }

    private void consumeAll() {
        Map<String, Object> properties = new HashMap<>(infrastructure.clientProperties());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "test-group");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            int[] consumed = new int[1];
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                consumed[0] += consumer.poll(Duration.ofMillis(500)).count();
                return consumed[0] == RECORDS;
            });
            consumer.commitSync();
        }
    }
}
