package io.qicore.mcp.examples.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.records.RecordsMCPServer;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.testkit.KafkaFixture;
import io.qicore.mcp.tool.RequestContext;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Compares {@code get_records} with a bare consumer that finds the last records of a topic with 50 partitions, and searches a
 * gigabyte in a JVM with a heap of 128 MB. The exit code is 1 if a target is missed.
 */
public final class KafkaRecords {

    private static final String TOPIC = "bench";
    private static final String LARGE = "large";
    private static final int PARTITIONS = 50;
    private static final int LAST = 10;
    private static final int LARGE_RECORDS = 100_000;
    private static final int LARGE_BYTES = 10_737;
    private static final Duration LONG = Duration.ofSeconds(300);

    private KafkaRecords() {}

    /**
     * Runs the benchmark.
     *
     * @param args none; or the bootstrap servers, in the JVM with the small heap
     */
    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            search(args[0]);
            return;
        }
        boolean good;
        try (var kafka = EmbeddedKafka.start();
                var server = new RecordsMCPServer(KafkaConnection.to(kafka.bootstrapServers()))) {
            prepare(kafka);
            server.initialize();
            good = new Ratio(
                            "the last " + LAST + " records of " + PARTITIONS + " partitions, beside a bare consumer",
                            1.5)
                    .measure(() -> last(server), () -> bare(kafka), 60, 101);
            good &= searchWithSmallHeap(kafka.bootstrapServers());
        }
        if (!good) {
            System.exit(1);
        }
    }

    private static void prepare(EmbeddedKafka kafka) throws Exception {
        try (var fixture = KafkaFixture.on(kafka);
                var producer = new KafkaProducer<>(
                        kafka.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            fixture.createTopic(TOPIC, PARTITIONS);
            fixture.createTopic(LARGE, 4);
            long start = System.currentTimeMillis();
            for (int i = 0; i < PARTITIONS * 100; i++) {
                byte[] value =
                        ("{\"id\":" + i + ",\"name\":\"record number " + i + "\"}").getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, start + i, null, value));
            }
            byte[] value = "x".repeat(LARGE_BYTES).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < LARGE_RECORDS; i++) {
                producer.send(new ProducerRecord<>(LARGE, i % 4, null, value));
            }
        }
    }

    private static JsonNode call(RecordsMCPServer server, String tool, ObjectNode arguments, Duration timeout)
            throws Exception {
        return server.tool(tool).call(arguments, RequestContext.ofTimeout(timeout));
    }

    private static JsonNode last(RecordsMCPServer server) throws Exception {
        ObjectNode arguments =
                JsonNodeFactory.instance.objectNode().put("topic", TOPIC).put("limit", LAST);
        JsonNode page = call(server, "get_records", arguments, Duration.ofSeconds(10));
        if (page.path("records").size() != LAST) {
            throw new IllegalStateException(page.toString());
        }
        return page;
    }

    /** Does what a program would do by itself: ends of all partitions, last records of each, the newest of them. */
    private static List<ConsumerRecord<byte[], byte[]>> bare(EmbeddedKafka kafka) {
        Map<String, Object> properties = kafka.clientProperties();
        properties.put("enable.auto.commit", false);
        properties.put("isolation.level", "read_committed");
        properties.put("fetch.max.wait.ms", 200);
        properties.put("enable.metrics.push", false);
        var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(info -> new TopicPartition(TOPIC, info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            partitions.forEach(
                    partition -> consumer.seek(partition, Math.max(starts.get(partition), ends.get(partition) - LAST)));
            List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
            while (!partitions.stream().allMatch(partition -> consumer.position(partition) >= ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            }
            all.sort(Collections.reverseOrder(Comparator.comparingLong(ConsumerRecord::timestamp)));
            return all.subList(0, LAST);
        } finally {
            // The tool closes its consumer after it has answered, so this one must not wait either.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private static boolean searchWithSmallHeap(String bootstrapServers) throws Exception {
        int exit = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-Xmx128m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KafkaRecords.class.getName(),
                        bootstrapServers)
                .inheritIO()
                .start()
                .waitFor();
        return exit == 0;
    }

    /** Searches for a text that is nowhere, in as many calls as the caps require, and requires an account of all offsets. */
    private static void search(String bootstrapServers) throws Exception {
        try (var server = new RecordsMCPServer(KafkaConnection.to(bootstrapServers))) {
            server.initialize();
            ObjectNode arguments = JsonNodeFactory.instance
                    .objectNode()
                    .put("topic", LARGE)
                    .put("text", "needle")
                    .put("offset", "earliest")
                    .put("maxMegabytes", 256);
            long start = System.nanoTime();
            long offsets = 0;
            long bytes = 0;
            int calls = 0;
            JsonNode page;
            do {
                page = call(server, "search_records", arguments, LONG);
                calls++;
                bytes += page.path("bytesScanned").longValue();
                for (JsonNode looked : page.path("looked")) {
                    offsets +=
                            looked.path("to").longValue() - looked.path("from").longValue();
                }
                arguments.put("cursor", page.path("nextCursor").asText());
            } while (page.has("nextCursor"));
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "search of %.2f GB with a heap of 128 MB: %d of %d offsets in %d calls, %.1f s, %.0f MB/s%n",
                    bytes / 1e9,
                    offsets,
                    LARGE_RECORDS,
                    calls,
                    seconds,
                    bytes / 1e6 / seconds);
            if (offsets != LARGE_RECORDS || calls < 4) {
                System.exit(1);
            }
        }
    }
}
