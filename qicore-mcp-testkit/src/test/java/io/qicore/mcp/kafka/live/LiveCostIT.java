package io.qicore.mcp.kafka.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.testkit.EmbeddedKafka;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What calls of {@code get_live_prices} leave behind. */
@Timeout(300)
class LiveCostIT {

    /** What a call leaves behind shows after 200, too; {@code -Dqicore.live.calls=1000} makes more. */
    private static final int CALLS = Integer.getInteger("qicore.live.calls", 200);

    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

    @Test
    void manyCalls_leaveNoGroupNoThreadAndNoConnection() throws Exception {
        try (var world = LiveWorld.on(EmbeddedKafka.start())) {
            world.kafka.kafka.createTopic("prices", 3);
            var running = new AtomicBoolean(true);
            var writer = new Thread(() -> {
                try {
                    while (running.get()) {
                        for (int partition = 0; partition < 3; partition++) {
                            world.write("prices", partition, LiveWorld.candle("S" + partition, 1));
                        }
                        Thread.sleep(5);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.start();
            List<String> symbols = List.of("S0", "S1", "S2");
            // The first ones open what the server keeps.
            for (int i = 0; i < 20; i++) {
                world.call("prices", symbols, 10_000);
            }
            Set<String> groups = groups(world);
            Set<Long> threads = threads().keySet();
            double connections = connections();
            assertThat(connections).isPositive();

            for (int i = 0; i < CALLS; i++) {
                assertThat(world.call("prices", symbols, 10_000)
                                .path("complete")
                                .booleanValue())
                        .isTrue();
            }

            assertThat(groups(world)).isEqualTo(groups);
            await().pollInSameThread().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                Map<Long, String> more = threads();
                more.keySet().removeAll(threads);
                assertThat(more.values()).isEmpty();
                assertThat(connections()).isLessThanOrEqualTo(connections);
            });
            running.set(false);
            writer.join();

            // Half a minute after the last call, the consumer and its thread are gone, too.
            await().atMost(Duration.ofSeconds(45)).untilAsserted(() -> {
                assertThat(LivePricesIT.consumerThreads()).isZero();
                assertThat(connections()).isLessThan(connections);
            });
        }
    }

    private static Set<String> groups(LiveWorld world) throws Exception {
        return world.kafka.kafka.admin().listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .collect(Collectors.toSet());
    }

    /** Returns the names of threads by id, without those of pools of the engine, of tests and of the broker, which end when idle. */
    private static Map<Long, String> threads() {
        return new HashMap<>(Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().matches("mcp-.*|pool-.*|awaitility.*|executor-.*"))
                .collect(Collectors.toMap(Thread::getId, Thread::getName)));
    }

    /** Returns the number of connections of clients that the broker has. */
    private static double connections() throws JMException {
        double connections = 0;
        for (ObjectName name : BEANS.queryNames(
                new ObjectName("kafka.server:type=socket-server-metrics,listener=BROKER,networkProcessor=*"), null)) {
            connections += ((Number) BEANS.getAttribute(name, "connection-count")).doubleValue();
        }
        return connections;
    }
}
