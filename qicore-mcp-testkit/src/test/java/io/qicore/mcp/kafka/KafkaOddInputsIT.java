package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.live.RealTimeDataMCPServer;
import io.qicore.mcp.kafka.producer.StreamingProducerMCPServer;
import io.qicore.mcp.kafka.producer.local.LocalProducerRuntime;
import io.qicore.mcp.kafka.records.RecordsMCPServer;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Gives each argument of each tool of the Kafka servers values that models and attackers send. Every call must succeed or fail
 * with an error that is meant for the caller.
 */
class KafkaOddInputsIT {

    private static final List<Object> ODD = Arrays.asList(
            "",
            " ",
            "null",
            "ORDERS",
            "orders ",
            "..",
            "a/../../b",
            "*",
            "?",
            "__consumer_offsets",
            "caf\u00e9 \ud83d\ude80",
            "a\u0000b",
            "a\nb",
            "x".repeat(300),
            "%s%n{}",
            "'; rm -rf /",
            "-1",
            "0",
            "1e999999999",
            "9223372036854775808",
            "EARLIEST",
            "30.0",
            "2026-11-22T09:00:00+0200",
            "2026-11-22",
            "PT-5S",
            "P1000000000D",
            -1,
            0,
            1.5,
            30.0,
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            1e300,
            true,
            null,
            List.of(),
            List.of("a", 1, true),
            List.of(-1, 99_999),
            Map.of(),
            Map.of("orders:0", -1),
            Map.of("orders:99", 1, "x", 2),
            Map.of("0", Long.MAX_VALUE),
            Map.of("-1", 0),
            Map.of("retention.ms", " 7 "),
            Map.of("min.insync.replicas", " 2 ", "no.such.setting", 1),
            Map.of("cleanup.policy", List.of("compact", "nonsense")),
            Map.of("retention.ms", Map.of("days", 1)));

    private static final Map<String, Map<String, Object>> VALID = Map.ofEntries(
            Map.entry("get_topic_metadata", Map.of("topic", "orders")),
            Map.entry("get_broker_config", Map.of("broker", 0)),
            Map.entry("create_topic", Map.of("name", "odd", "partitions", 1, "validateOnly", true)),
            Map.entry("add_partitions", Map.of("topic", "orders", "candlesPerSymbol", 1)),
            Map.entry(
                    "alter_topic_config",
                    Map.of("topic", "orders", "set", Map.of("segment.ms", 7_200_000), "dryRun", true)),
            Map.entry("delete_records", Map.of("topic", "orders", "beforeOffsets", Map.of("0", 1), "dryRun", true)),
            Map.entry("delete_topic", Map.of("topic", "orders", "dryRun", true)),
            Map.entry("describe_consumer_group", Map.of("groupId", "billing")),
            Map.entry("get_consumer_lag", Map.of("groupId", "billing")),
            Map.entry("explain_lag", Map.of("groupId", "billing")),
            Map.entry(
                    "reset_consumer_offset",
                    Map.of("groupId", "billing", "topic", "orders", "offset", "earliest", "dryRun", true)),
            Map.entry("delete_consumer_offsets", Map.of("groupId", "billing", "topic", "orders", "dryRun", true)),
            Map.entry("delete_consumer_group", Map.of("groupId", "billing", "dryRun", true)),
            Map.entry("start_producer", Map.of("sourceId", "odd", "config", Map.of("topic", "orders", "count", 1))),
            Map.entry("stop_producer", Map.of("sourceId", "odd")),
            Map.entry("pause_producer", Map.of("sourceId", "odd")),
            Map.entry("resume_producer", Map.of("sourceId", "odd")),
            Map.entry("set_producer_rate", Map.of("sourceId", "odd", "rate", 1)),
            Map.entry("get_records", Map.of("topic", "orders")),
            Map.entry("search_records", Map.of("topic", "orders", "text", "1")),
            Map.entry(
                    "produce_records",
                    Map.of("topic", "orders", "records", List.of(Map.of("value", "v")), "dryRun", true)),
            Map.entry("abort_transaction", Map.of("topic", "orders", "producerId", 1)),
            Map.entry("get_live_prices", Map.of("symbols", List.of("BTC"), "timeout", 1)));

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.alone(EmbeddedKafka.start());

    @Test
    void oddValueOfAnyArgument_isNotAnInternalError() throws Exception {
        world.kafka.createTopic("orders", 1);
        world.kafka.produce("orders", 0, 3);
        world.kafka.commit("billing", "orders", 0, 1);
        var options = KafkaOptions.builder()
                .server(ServerSettings.builder()
                        .callTimeout(Duration.ofSeconds(2))
                        .build())
                .build();
        // tail_topic would wait in every call for records that do not come.
        var recordOptions = options.toBuilder()
                .policy(KafkaPolicy.builder()
                        .tools("get_records", "search_records", "produce_records", "abort_transaction")
                        .produce(true)
                        .build())
                .build();
        List<String> wrong = new ArrayList<>();
        int calls = 0;
        for (StatelessMCPServer server : List.of(
                new KafkaMCPServer(world.connection(), options),
                new StreamingProducerMCPServer(LocalProducerRuntime.builder(world.connection()), options),
                new RealTimeDataMCPServer(world.connection(), "orders", options),
                new RecordsMCPServer(world.connection(), recordOptions))) {
            try (server) {
                server.initialize();
                try (MCPClient client = MCPClient.inProcess(server)) {
                    for (MCPTool tool : server.tools()) {
                        calls += attack(client, tool, wrong);
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(calls).isGreaterThan(1_000);
        assertThat(world.kafka.committed("billing", "orders", 0)).hasValue(1);
    }

    /** Calls at the same time, because some tools measure for a second. */
    private static int attack(MCPClient client, MCPTool tool, List<String> wrong) throws Exception {
        Map<String, Object> valid = VALID.getOrDefault(tool.name(), Map.of());
        List<String> names = new ArrayList<>();
        tool.inputSchema().path("properties").fieldNames().forEachRemaining(names::add);
        names.removeAll(List.of("dryRun", "validateOnly"));
        List<Callable<String>> calls = new ArrayList<>();
        for (String name : names) {
            for (Object odd : ODD) {
                Map<String, Object> arguments = new HashMap<>(valid);
                arguments.put(name, odd);
                calls.add(() -> {
                    String fault = fault(client, tool.name(), arguments);
                    return fault == null ? null : tool.name() + " " + name + "=" + odd + ": " + fault;
                });
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            for (Future<String> call : threads.invokeAll(calls)) {
                if (call.get() != null) {
                    wrong.add(call.get());
                }
            }
        } finally {
            threads.shutdownNow();
        }
        return calls.size();
    }

    private static String fault(MCPClient client, String tool, Map<String, Object> arguments) {
        try {
            JsonNode answer = client.call(tool, arguments);
            return answer == null ? "no answer" : null;
        } catch (MCPToolError e) {
            boolean meant = !e.is(StandardErrorCode.INTERNAL_ERROR)
                    && !e.is(StandardErrorCode.DEADLINE_EXCEEDED)
                    && !e.code().equals("BROKER_UNAVAILABLE");
            return meant ? null : e.toString();
        }
    }
}
