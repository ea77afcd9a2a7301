package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.fixture.HttpCaller;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.transport.http.HttpTransport;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscriptions to the lag of groups, over HTTP. */
class LagWatchIT {

    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration SEVERAL_LOOKS = INTERVAL.multipliedBy(5);
    private static final String BILLING = "kafka://groups/billing/lag";
    private static final String SHIPPING = "kafka://groups/shipping%20eu/lag?threshold=2";

    @AutoClose
    private final KafkaWorld world = KafkaWorld.shared();

    private StreamingConsumerMCPServer server;
    private HttpCaller client;

    @BeforeEach
    void start() throws Exception {
        world.kafka.createTopic("orders", 2);
        world.kafka.produce("orders", 0, 20);
        world.kafka.commit("billing", "orders", 0, 20);
        world.kafka.commit("shipping eu", "orders", 0, 20);
        var transport = HttpTransport.onPort(0);
        server = new StreamingConsumerMCPServer(
                new KafkaConnection(Map.of(
                        "bootstrap.servers", world.kafka.cluster().bootstrapServers(), "request.timeout.ms", 1_000)),
                KafkaOptions.builder()
                        .policy(KafkaPolicy.builder()
                                .groups("billing", "shipping*")
                                .build())
                        .lagThreshold(10)
                        .lagCheckInterval(INTERVAL)
                        .server(ServerSettings.builder().transport(transport).build())
                        .build());
        server.start();
        client = HttpCaller.plain(transport.uri());
    }

    @AfterEach
    void stop() {
        server.close();
        assertNobodyLooks();
    }

    @Test
    void crossingTheThreshold_isNotifiedOncePerDirection_andHoveringIsNot() throws Exception {
        try (var listening = listen(BILLING, SHIPPING)) {
            world.kafka.commit("billing", "orders", 0, 9);
            awaitUpdates(listening, Map.of(BILLING, 1));

            // 9 is below the threshold of 10, but not below four fifths of it.
            for (int committed : new int[] {11, 8, 11}) {
                world.kafka.commit("billing", "orders", 0, committed);
                staysSo(listening, Map.of(BILLING, 1));
            }

            world.kafka.commit("billing", "orders", 0, 12);
            awaitUpdates(listening, Map.of(BILLING, 2));
            world.kafka.commit("shipping eu", "orders", 0, 17);
            awaitUpdates(listening, Map.of(BILLING, 2, SHIPPING, 1));
        }
        await().untilAsserted(LagWatchIT::assertNobodyLooks);
    }

    @Test
    void subscriptions_areBoundToTheirOwnStreams() throws Exception {
        try (var first = listen(BILLING)) {
            world.kafka.commit("billing", "orders", 0, 0);
            awaitUpdates(first, Map.of(BILLING, 1));
            try (var second = listen(BILLING)) {
                staysSo(second, Map.of());
                world.kafka.commit("billing", "orders", 0, 20);
                awaitUpdates(second, Map.of(BILLING, 1));
                awaitUpdates(first, Map.of(BILLING, 2));
            }
            world.kafka.commit("billing", "orders", 0, 0);
            awaitUpdates(first, Map.of(BILLING, 3));
        }
    }

    @Test
    void outage_isNotReportedAsAChange_andTheWatchContinuesAfterIt() throws Exception {
        try (var listening = listen(BILLING)) {
            world.kafka.cluster().stopBroker();
            staysSo(listening, Map.of());
            world.kafka.cluster().startBroker();

            await().ignoreExceptions().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                world.kafka.commit("billing", "orders", 0, 0);
                awaitUpdates(listening, Map.of(BILLING, 1));
            });
        }
    }

    @Test
    void hiddenAndInvalidResources_areNeverNotified_andDoNotDisturbOthers() throws Exception {
        String secret = "kafka://groups/secret/lag";
        String wrong = "kafka://groups/billing/lag?threshold=many";
        try (var listening = listen(secret, wrong, BILLING)) {
            world.kafka.commit("secret", "orders", 0, 0);
            world.kafka.commit("billing", "orders", 0, 0);
            awaitUpdates(listening, Map.of(BILLING, 1));
        }
    }

    @Test
    void stop_endsTheStreamAndTheWatchThread() throws Exception {
        try (var listening = listen(BILLING)) {
            server.stop();
            await().until(listening::ended);
            await().untilAsserted(LagWatchIT::assertNobodyLooks);
        }
    }

    /** Subscribes, and returns after the watch has measured the current lag. */
    private HttpCaller.Listening listen(String... uris) throws Exception {
        var listening = client.listen(uris);
        await().until(listening::acknowledged);
        staysSo(listening, Map.of());
        return listening;
    }

    private static void awaitUpdates(HttpCaller.Listening listening, Map<String, Integer> updates) {
        await().untilAsserted(() -> assertThat(listening.updates()).isEqualTo(updates));
    }

    private static void staysSo(HttpCaller.Listening listening, Map<String, Integer> updates) {
        await().during(SEVERAL_LOOKS)
                .untilAsserted(() -> assertThat(listening.updates()).isEqualTo(updates));
    }

    private static void assertNobodyLooks() {
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("kafka-lag-watch");
    }
}
