package io.qicore.mcp.examples.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.live.RealTimeDataMCPServer;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.testkit.KafkaFixture;
import io.qicore.mcp.tool.RequestContext;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures how soon {@code get_live_prices} answers: after the last record that it needs is in the broker, and beside a consumer
 * with a fresh group; and what 1,000 calls leave behind. The exit code is 1 if a target is missed.
 */
public final class LivePrices {

    private static final String EACH_SECOND = "each-second";
    private static final String BUSY = "busy";
    private static final List<String> SYMBOLS =
            IntStream.range(0, 20).mapToObj(i -> "S" + i).toList();
    private static final int CALLS = 1_000;
    private static final int ROUNDS = 40;
    private static final int GROUP_ROUNDS = 10;
    private static final double LATEST_MS = 50;
    private static final double TIMES_FASTER = 10;

    private final EmbeddedKafka kafka;
    private final RealTimeDataMCPServer server;
    /** When the broker has acknowledged each record, by its number, which is its close price. */
    private final Map<Long, Long> acknowledged = new ConcurrentHashMap<>();

    private volatile boolean running = true;

    private LivePrices(EmbeddedKafka kafka, RealTimeDataMCPServer server) {
        this.kafka = kafka;
        this.server = server;
    }

    /**
     * Runs the benchmark.
     *
     * @param args none
     */
    public static void main(String[] args) throws Exception {
        boolean good;
        try (var kafka = EmbeddedKafka.builder()
                        // Kafka's default, which the testkit lowers to 0: the time that a broker gives the members of a
                        // new group to
                        // join.
                        .brokerProperty("group.initial.rebalance.delay.ms", "3000")
                        .start();
                var fixture = KafkaFixture.on(kafka);
                var server = new RealTimeDataMCPServer(KafkaConnection.to(kafka.bootstrapServers()))) {
            fixture.createTopic(EACH_SECOND, 3);
            fixture.createTopic(BUSY, 3);
            server.initialize();
            var bench = new LivePrices(kafka, server);
            var writer = new Thread(bench::write);
            writer.start();
            try {
                good = bench.lateness();
                good &= bench.beside();
                good &= bench.leftovers(fixture);
            } finally {
                bench.running = false;
                writer.join();
            }
        }
        if (!good) {
            System.exit(1);
        }
    }

    /** Writes every symbol each second to one topic, spread over the second, and each millisecond a record to the other one. */
    private void write() {
        try (var producer =
                new KafkaProducer<>(kafka.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            long start = System.nanoTime();
            for (long number = 0; running; number++) {
                long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                if (ms < number) {
                    TimeUnit.MILLISECONDS.sleep(number - ms);
                }
                send(producer, BUSY, SYMBOLS.get(0), number);
                if (number % (1_000 / SYMBOLS.size()) == 0) {
                    int symbol = (int) (number / (1_000 / SYMBOLS.size()) % SYMBOLS.size());
                    send(producer, EACH_SECOND, SYMBOLS.get(symbol), number);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, String topic, String symbol, long number) {
        byte[] key = symbol.getBytes(StandardCharsets.UTF_8);
        byte[] value = ("{\"symbol\":\"" + symbol + "\",\"close\":" + number + "}").getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> {
            if (topic.equals(EACH_SECOND)) {
                acknowledged.put(number, System.nanoTime());
            }
        });
    }

    private JsonNode call(String topic, List<String> symbols) throws Exception {
        ObjectNode arguments =
                JsonNodeFactory.instance.objectNode().put("topic", topic).put("timeout", 10_000);
        symbols.forEach(arguments.putArray("symbols")::add);
        JsonNode answer =
                server.tool("get_live_prices").call(arguments, RequestContext.ofTimeout(Duration.ofSeconds(20)));
        if (!answer.path("complete").booleanValue()) {
            throw new IllegalStateException(answer.toString());
        }
        return answer;
    }

    private boolean lateness() throws Exception {
        double[] late = new double[ROUNDS];
        for (int i = -5; i < ROUNDS; i++) {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(100));
            JsonNode answer = call(EACH_SECOND, SYMBOLS);
            long answered = System.nanoTime();
            long last = Long.MIN_VALUE;
            for (JsonNode price : answer.path("prices")) {
                // The answer can be faster than the acknowledgement.
                last = Math.max(
                        last, acknowledged.getOrDefault(price.path("close").longValue(), answered));
            }
            if (i >= 0) {
                late[i] = (answered - last) / 1e6;
            }
        }
        Arrays.sort(late);
        double latest = late[ROUNDS - 1];
        System.out.printf(
                Locale.ROOT,
                "the latest answer after the last record, in units of %.0f ms: ratio = %.2f (target <= 1.0),"
                        + " median %.2f ms, latest %.2f ms of %d calls for %d symbols%n",
                LATEST_MS,
                latest / LATEST_MS,
                late[ROUNDS / 2],
                latest,
                ROUNDS,
                SYMBOLS.size());
        return latest <= LATEST_MS;
    }

    private boolean beside() throws Exception {
        long[] ours = new long[GROUP_ROUNDS];
        long[] groups = new long[GROUP_ROUNDS];
        for (int i = -3; i < GROUP_ROUNDS; i++) {
            long start = System.nanoTime();
            call(BUSY, SYMBOLS.subList(0, 1));
            long middle = System.nanoTime();
            String group = "fresh-" + UUID.randomUUID();
            firstOfGroup(group);
            long end = System.nanoTime();
            if (i >= 0) {
                ours[i] = middle - start;
                groups[i] = end - middle;
            }
        }
        Arrays.sort(ours);
        Arrays.sort(groups);
        double ratio = (double) groups[GROUP_ROUNDS / 2] / ours[GROUP_ROUNDS / 2];
        System.out.printf(
                Locale.ROOT,
                "times faster to the first record than a fresh consumer group: ratio = %.2f (target >= %.1f), medians %.2f ms"
                        + " and %.2f ms over %d rounds%n",
                ratio,
                TIMES_FASTER,
                ours[GROUP_ROUNDS / 2] / 1e6,
                groups[GROUP_ROUNDS / 2] / 1e6,
                GROUP_ROUNDS);
        return ratio >= TIMES_FASTER;
    }

    private void firstOfGroup(String group) {
        Map<String, Object> properties = kafka.clientProperties();
        properties.put("group.id", group);
        properties.put("auto.offset.reset", "latest");
        properties.put("enable.auto.commit", false);
        var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            consumer.subscribe(List.of(BUSY));
            while (consumer.poll(Duration.ofSeconds(1)).isEmpty()) {
                // The group is not assigned yet.
                Thread.onSpinWait();
            }
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        }
    }

    private boolean leftovers(KafkaFixture fixture) throws Exception {
        int groups = fixture.admin().listGroups().all().get().size();
        int threads = Thread.activeCount();
        long sockets = sockets();
        for (int i = 0; i < CALLS; i++) {
            call(BUSY, SYMBOLS.subList(0, 1));
        }
        int newGroups = fixture.admin().listGroups().all().get().size() - groups;
        int newThreads = Thread.activeCount() - threads;
        long newSockets = sockets() - sockets;
        System.out.printf(
                Locale.ROOT,
                "groups, threads and sockets left by %d calls: ratio = %d (target <= 0): %d groups, %d threads, %d sockets%n",
                CALLS,
                Math.max(newGroups, Math.max(newThreads, newSockets)),
                newGroups,
                newThreads,
                newSockets);
        return newGroups <= 0 && newThreads <= 0 && newSockets <= 0;
    }

    private static long sockets() {
        File[] open = new File("/proc/self/fd").listFiles();
        return open == null
                ? 0
                : Arrays.stream(open).filter(LivePrices::isSocket).count();
    }

    private static boolean isSocket(File file) {
        try {
            return Files.readSymbolicLink(file.toPath()).toString().startsWith("socket:");
        } catch (IOException e) {
            // Closed in the meantime.
            return false;
        }
    }
}
