package io.qicore.mcp.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.Threads;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DataPipelineAgentTest {

    private static final DataFlowRequest FLOW =
            new DataFlowRequest("prices", "btc", 3, 1000, Map.of("symbols", List.of("BTC")));

    private static final TableDefinition CANDLES = new TableDefinition(
            "candles",
            List.of(new TableDefinition.Column("time", "timestamptz"), new TableDefinition.Column("symbol", "text")),
            List.of("symbol", "time"),
            "time");

    private final List<String> calls = FakeServer.calls();
    private FakeServer kafka;
    private FakeServer database;
    private FakeServer producer;
    private DataPipelineAgent agent;

    @BeforeEach
    void setUp() throws Exception {
        kafka = new FakeServer(
                calls, "create_topic", "get_consumer_lag", "get_topic_metadata", "reset_consumer_offset");
        database = new FakeServer(calls, "create_table", "create_hypertable");
        producer = new FakeServer(calls, "start_producer");
        kafka.answer("get_topic_metadata", "{\"partitions\": [{\"partition\": 0}, {\"partition\": 1}]}");
        agent = new DataPipelineAgent(kafka.client(), database.client(), producer.client());
    }

    @AfterEach
    void tearDown() {
        agent.close();
        Threads.awaitNone("data-pipeline-agent");
        kafka.close();
        database.close();
        producer.close();
    }

    @Test
    void flow_isSetUpInOrder() {
        agent.orchestrateDataFlow(FLOW);
        assertThat(calls)
                .containsExactly(
                        "create_topic {\"name\":\"prices\",\"partitions\":3}",
                        "start_producer {\"config\":{\"symbols\":[\"BTC\"],\"topic\":\"prices\"},\"sourceId\":\"btc\"}");
    }

    @Test
    void table_isCreatedBetween() {
        agent.orchestrateDataFlow(FLOW.withTable(CANDLES));
        assertThat(calls).hasSize(4);
        assertThat(calls.get(1))
                .startsWith("create_table {\"columns\":[{\"name\":\"time\",\"type\":\"timestamptz\"}")
                .contains("\"ifNotExists\":true", "\"primaryKey\":[\"symbol\",\"time\"]", "\"table\":\"candles\"");
        assertThat(calls.get(2))
                .isEqualTo("create_hypertable {\"ifNotExists\":true,\"table\":\"candles\",\"timeColumn\":\"time\"}");
        assertThat(calls.get(3)).startsWith("start_producer");
    }

    @Test
    void whatIsThereAlready_isUsed() {
        kafka.fail("create_topic", "TOPIC_EXISTS");
        database.fail("create_hypertable", "TIMESCALE_NOT_INSTALLED");
        agent.orchestrateDataFlow(FLOW.withTable(CANDLES));
        assertThat(calls).hasSize(4);
    }

    @Test
    void otherErrors_surfaceAndEndTheSetUp() {
        kafka.fail("create_topic", "NOT_AUTHORIZED");
        assertThatThrownBy(() -> agent.orchestrateDataFlow(FLOW))
                .isInstanceOfSatisfying(
                        MCPToolError.class, e -> assertThat(e.code()).isEqualTo("NOT_AUTHORIZED"));
        assertThat(calls).hasSize(1);
        assertThat(Threads.named("data-pipeline-agent")).isEmpty();
    }

    @Test
    void lagAboveTheLimit_onlyWarns() {
        kafka.answer("get_consumer_lag", "{\"lag\": 100000}");
        watch();
        await().until(() ->
                calls.stream().filter(c -> c.startsWith("get_consumer_lag")).count() > 3);
        assertThat(calls).contains("get_consumer_lag {\"groupId\":\"group\",\"topic\":\"prices\"}");
        assertThat(calls).noneMatch(call -> call.startsWith("reset"));
    }

    @Test
    void hugeLag_movesTheGroupToTheEndOfEveryPartition() {
        kafka.answer("get_consumer_lag", "{\"lag\": 100001}");
        watch();
        await().until(() -> calls.stream().filter(c -> c.startsWith("reset")).count() >= 2);
        assertThat(calls)
                .contains(
                        "reset_consumer_offset {\"groupId\":\"group\",\"offset\":\"latest\",\"partition\":0,\"topic\":\"prices\"}",
                        "reset_consumer_offset {\"groupId\":\"group\",\"offset\":\"latest\",\"partition\":1,\"topic\":\"prices\"}");
    }

    @Test
    void hugeLagBelowTheLimit_isLeftAlone() {
        kafka.answer("get_consumer_lag", "{\"lag\": 200000, \"groups\": [{\"groupId\": \"worst\"}]}");
        agent.orchestrateDataFlow(new DataFlowRequest("prices", "btc", 3, 300_000, Map.of())
                .withMonitoringInterval(Duration.ofMillis(5)));
        await().until(() -> calls.size() > 5);
        assertThat(calls).noneMatch(call -> call.startsWith("reset"));
    }

    @Test
    void hugeLagOfAGroupThatTheRequestDoesNotName_onlyWarns() {
        kafka.answer("get_consumer_lag", "{\"lag\": 100001, \"groups\": [{\"groupId\": \"worst\"}]}");
        agent.orchestrateDataFlow(FLOW.withMonitoringInterval(Duration.ofMillis(5)));
        await().until(() -> calls.size() > 5);
        assertThat(calls)
                .contains("get_consumer_lag {\"topic\":\"prices\"}")
                .noneMatch(call -> call.startsWith("reset"));
    }

    @Test
    void tableWithoutATimeColumn_staysOrdinary() {
        agent.orchestrateDataFlow(FLOW.withTable(new TableDefinition("plain", CANDLES.columns(), List.of(), null)));
        assertThat(calls).noneMatch(c -> c.startsWith("create_hypertable"));
    }

    @Test
    void failures_doNotEndTheWatching() {
        kafka.fail("get_consumer_lag", "EXTERNAL_SERVICE_ERROR");
        watch();
        await().until(() -> calls.size() > 5);
        kafka.answer("get_consumer_lag", "{\"lag\": 100001}");
        await().until(() -> calls.stream().anyMatch(c -> c.startsWith("reset")));
    }

    @Test
    void interval_mayBeTiny() {
        kafka.answer("get_consumer_lag", "{\"lag\": 0, \"groups\": []}");
        agent.orchestrateDataFlow(FLOW.withMonitoringInterval(Duration.ofNanos(900_000)));
        await().until(() -> calls.size() > 3);
    }

    private void watch() {
        agent.orchestrateDataFlow(FLOW.withConsumerGroup("group").withMonitoringInterval(Duration.ofMillis(5)));
    }
}
