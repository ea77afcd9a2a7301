package io.qicore.mcp.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.agent.StreamingEvent.ConsumerLagEvent;
import io.qicore.mcp.agent.StreamingEvent.DataAnomalyEvent;
import io.qicore.mcp.agent.StreamingEvent.ProducerFailureEvent;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamingEventAgentTest {

    private final List<String> calls = FakeServer.calls();
    private FakeServer kafka;
    private FakeServer producer;
    private FakeServer realTime;
    private StreamingEventAgent agent;

    @BeforeEach
    void setUp() throws Exception {
        kafka = new FakeServer(calls, "get_topic_metadata", "add_partitions");
        producer = new FakeServer(calls, "start_producer", "stop_producer", "get_producer_status");
        realTime = new FakeServer(calls, "get_live_prices");
        kafka.answer("get_topic_metadata", "{\"partitions\": [{\"partition\": 0}, {\"partition\": 1}]}");
        agent = new StreamingEventAgent(kafka.client(), producer.client(), realTime.client());
    }

    @AfterEach
    void tearDown() {
        agent.close();
        kafka.close();
        producer.close();
        realTime.close();
    }

    @Test
    void lag_addsThePartitionsThatAreMissing() {
        assertThat(agent.handleStreamingEvent(new ConsumerLagEvent("prices", 5, 4)))
                .isTrue();
        assertThat(calls)
                .containsExactly(
                        "get_topic_metadata {\"topic\":\"prices\"}",
                        "add_partitions {\"count\":4,\"topic\":\"prices\"}");
        assertThat(agent.handleStreamingEvent(new ConsumerLagEvent("prices", 5, 2)))
                .isFalse();
        assertThat(calls).hasSize(3);
    }

    @Test
    void failedProducer_isStartedUnlessItRuns() {
        producerIs("failed");
        assertThat(agent.handleStreamingEvent(new ProducerFailureEvent("btc", Map.of("a", 1))))
                .isTrue();
        assertThat(calls).endsWith("start_producer {\"config\":{\"a\":1},\"sourceId\":\"btc\"}");
        // It could not be started before it is stopped.
        for (String status : List.of("running", "stalled", "retrying", "paused")) {
            producerIs(status);
            assertThat(agent.handleStreamingEvent(new ProducerFailureEvent("btc", Map.of())))
                    .as(status)
                    .isFalse();
        }
    }

    @Test
    void implausiblePrice_stopsTheProducer() {
        producerIs("running");
        realTime.answer("get_live_prices", "{\"prices\": [{\"symbol\": \"BTC\", \"close\": 0.5}]}");
        assertThat(agent.handleStreamingEvent(new DataAnomalyEvent("btc", "BTC", 1, 2)))
                .isTrue();
        assertThat(calls)
                .containsExactly(
                        "get_live_prices {\"symbols\":[\"BTC\"],\"timeout\":5000}",
                        "get_producer_status {}",
                        "stop_producer {\"sourceId\":\"btc\"}");
    }

    @Test
    void plausibleOrMissingPriceOrStoppedProducer_isLeftAlone() {
        producerIs("running");
        DataAnomalyEvent anomaly = new DataAnomalyEvent("btc", "BTC", 1, 2);
        realTime.answer("get_live_prices", "{\"prices\": [{\"symbol\": \"BTC\", \"close\": 2}]}");
        assertThat(agent.handleStreamingEvent(anomaly)).isFalse();
        realTime.answer("get_live_prices", "{\"prices\": []}");
        assertThat(agent.handleStreamingEvent(anomaly)).isFalse();
        realTime.answer("get_live_prices", "{\"prices\": [{\"symbol\": \"BTC\", \"close\": 9}]}");
        producerIs("stopped");
        assertThat(agent.handleStreamingEvent(anomaly)).isFalse();
        assertThat(calls).noneMatch(call -> call.startsWith("stop_producer"));
    }

    @Test
    void errors_surface() {
        kafka.fail("get_topic_metadata", "TOPIC_NOT_FOUND");
        assertThatThrownBy(() -> agent.handleStreamingEvent(new ConsumerLagEvent("prices", 5, 4)))
                .isInstanceOf(MCPToolError.class);
    }

    private void producerIs(String status) {
        producer.answer(
                "get_producer_status", "{\"producers\": [{\"sourceId\": \"btc\", \"status\": \"" + status + "\"}]}");
    }
}
