package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Records.record;
import static io.qicore.mcp.kafka.records.GetRecordsIT.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Records;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.testkit.EmbeddedKafka;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What reading costs: connections, threads, memory, and nothing that stays in the cluster. */
class RecordClientsIT {

    private static final int READERS = 100;
    /** What a call leaves behind shows after 300, too; {@code -Dqicore.records.calls=1000} makes more. */
    private static final int CALLS = Integer.getInteger("qicore.records.calls", 300);

    private static final int MAX_CONSUMERS = 8;
    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.alone(
            EmbeddedKafka.start(),
            connection -> new RecordsMCPServer(
                    connection,
                    KafkaOptions.builder()
                            .server(ServerSettings.builder()
                                    .callTimeout(Duration.ofMinutes(2))
                                    .build())
                            .build()));

    @Test
    void manyReadersAndCalls_areAnsweredWithFewConnections_andLeaveNothing() throws Exception {
        Records.topic(world, "popular", 5);
        Records.writeAll(
                world,
                IntStream.range(0, 20)
                        .mapToObj(i -> record("popular", i % 5, 1_700_000_000_000L + i, "k" + i, "v"))
                        .toList());
        world.call("get_records", Map.of("topic", "popular"));
        awaitConsumers();
        Set<String> topics = world.kafka.admin().listTopics().names().get();
        Set<String> threads = threads();
        double connections =
                sum("kafka.server:type=socket-server-metrics,listener=*,networkProcessor=*", "connection-count");

        List<Integer> consumers = new ArrayList<>();
        List<Double> opened = new ArrayList<>();
        AtomicBoolean running = new AtomicBoolean(true);
        Thread watcher = new Thread(() -> {
            while (running.get()) {
                String own = "kafka.consumer:type=consumer-metrics,client-id=qicore-mcp-records-*";
                consumers.add(names(own).size());
                opened.add(sum(own, "connection-count"));
            }
        });
        watcher.start();
        var pool = Executors.newFixedThreadPool(READERS);
        try (MCPClient client = MCPClient.inProcess(world.server)) {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                Map<String, Object> call = i % 2 == 0
                        ? Map.of("topic", "popular", "limit", 3)
                        : Map.of("topic", "popular", "limit", 3, "key", "k19");
                calls.add(() -> newest(client, call));
            }
            List<Future<String>> answers = pool.invokeAll(calls);
            for (int i = 0; i < CALLS; i++) {
                assertThat(answers.get(i).get()).isEqualTo("k19");
            }
        } finally {
            pool.shutdownNow();
            running.set(false);
            watcher.join();
        }

        assertThat(consumers.stream().mapToInt(Integer::intValue).max().orElse(0))
                .isBetween(2, MAX_CONSUMERS);
        // One to bootstrap with and one to the broker as a node.
        assertThat(opened.stream().mapToDouble(Double::doubleValue).max().orElse(0))
                .isLessThanOrEqualTo(2 * MAX_CONSUMERS);
        awaitConsumers();
        pool.awaitTermination(10, TimeUnit.SECONDS);
        await().untilAsserted(() -> assertThat(threads()).isEqualTo(threads));
        await().untilAsserted(() -> assertThat(sum(
                        "kafka.server:type=socket-server-metrics,listener=*,networkProcessor=*", "connection-count"))
                .isLessThanOrEqualTo(connections));
        assertThat(world.kafka.admin().listGroups().all().get()).isEmpty();
        assertThat(world.kafka.admin().listTopics().names().get()).isEqualTo(topics);
    }

    /** Returns the key of the newest record. On a busy machine a call can end before it has read anything, and says so. */
    private static String newest(MCPClient client, Map<String, Object> call) {
        Map<String, Object> arguments = new HashMap<>(call);
        for (int i = 0; i < 20; i++) {
            JsonNode page = client.call("get_records", arguments);
            if (!page.path("records").isEmpty()) {
                return keys(page).get(0);
            }
            assertThat(page.path("stoppedReason").textValue()).isIn("brokers", "time");
            arguments.put("cursor", page.path("nextCursor").asText());
        }
        return "nothing";
    }

    private static void awaitConsumers() {
        await().untilAsserted(() -> assertThat(names("kafka.consumer:type=*,client-id=qicore-mcp-records-*"))
                .isEmpty());
    }

    private static Set<ObjectName> names(String pattern) {
        try {
            return BEANS.queryNames(new ObjectName(pattern), null);
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double sum(String pattern, String attribute) {
        double sum = 0;
        for (ObjectName name : names(pattern)) {
            try {
                sum += ((Number) BEANS.getAttribute(name, attribute)).doubleValue();
            } catch (JMException e) {
                // The client was closed in the meantime.
                continue;
            }
        }
        return sum;
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("qicore-mcp-records") || name.startsWith("kafka-coordinator-heartbeat"))
                .collect(Collectors.toSet());
    }

    /** The same with a gigabyte: {@code bash .ci/bench records}. */
    @Test
    void searchOfMuchMoreThanTheHeap_endsAtItsCaps_andAccountsForAllOffsets() throws Exception {
        world.kafka.createTopic(new NewTopic("heap", 2, (short) 1).configs(Map.of("max.message.bytes", "20000000")));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        String text = "x".repeat(100_000);
        for (int i = 0; i < 1_200; i++) {
            records.add(record("heap", i % 2, null, text));
        }
        // Small on the broker, and as large as a tenth of the heap for the consumer.
        String large = "y".repeat(10_000_000);
        for (int i = 0; i < 4; i++) {
            records.add(record("heap", i % 2, null, large));
        }
        try (var producer = Records.producer(world, Map.of("compression.type", "gzip"))) {
            records.forEach(producer::send);
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Search.class.getName(),
                        world.kafka.cluster().bootstrapServers())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes());

        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed).contains("offsets=1204 bytes=160000000 records=0");
    }

    /** Searches the topic {@code heap} for a text that is nowhere, and prints what it has looked at. */
    static final class Search {

        private Search() {}

        public static void main(String[] args) throws Exception {
            long offsets = 0;
            long bytes = 0;
            int records = 0;
            int calls = 0;
            var settings =
                    ServerSettings.builder().callTimeout(Duration.ofMinutes(2)).build();
            try (var server = new RecordsMCPServer(
                    KafkaConnection.to(args[0]),
                    KafkaOptions.builder().server(settings).build())) {
                server.initialize();
                try (MCPClient client = MCPClient.inProcess(server)) {
                    Map<String, Object> arguments = new HashMap<>(
                            Map.of("topic", "heap", "text", "needle", "offset", "earliest", "maxMegabytes", 60));
                    JsonNode page;
                    do {
                        page = client.call("search_records", arguments);
                        calls++;
                        records += page.path("records").size();
                        bytes += page.path("bytesScanned").longValue();
                        for (JsonNode looked : page.path("looked")) {
                            offsets += looked.path("to").longValue()
                                    - looked.path("from").longValue();
                        }
                        arguments.put("cursor", page.path("nextCursor").asText());
                    } while (page.has("nextCursor"));
                }
            }
            System.out.println("offsets=" + offsets + " bytes=" + bytes + " records=" + records + " calls=" + calls);
            System.exit(calls >= 3 ? 0 : 1);
        }
    }
}
