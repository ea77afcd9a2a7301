package io.qicore.mcp.kafka.lag;

import static org.awaitility.Awaitility.await;

import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.testkit.KafkaFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Brings groups into the states of {@link LagScenario}, many at a time, because each mostly waits. Each has topics of its own,
 * named after it. Consumers that commit while they are watched do so on one thread, four times a second.
 */
final class GroupStates implements AutoCloseable {

    private static final long MINUTES_AGO = 180_000;
    private static final int AT_ONCE = 16;

    private final KafkaFixture kafka;
    private final Path folder;
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
    private final List<Runnable> ticks = new CopyOnWriteArrayList<>();
    private final Map<String, Consumer<String, String>> members = new ConcurrentHashMap<>();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();

    GroupStates(KafkaFixture kafka, Path folder) {
        this.kafka = kafka;
        this.folder = folder;
    }

    /** Starts a cluster on which groups can be brought into these states. */
    static EmbeddedKafka cluster() {
        return EmbeddedKafka.builder()
                .brokerProperty("log.cleaner.backoff.ms", "200")
                .brokerProperty("group.streams.max.heartbeat.interval.ms", "600000")
                .brokerProperty("group.streams.max.session.timeout.ms", "1800000")
                .start();
    }

    /** Brings a group, or a few, into their states. */
    interface Preparation {
        void run() throws Exception;
    }

    /** Brings groups of every kind into their common states, without anything that moves. */
    void prepareKinds() throws Exception {
        together(kinds());
    }

    void prepare() throws Exception {
        List<Preparation> all = kinds();
        int[] one = new int[200];
        one[1] = 500;
        all.addAll(List.of(
                this::compacted,
                this::grown,
                () -> live("stuck", "consumer", 5, 500),
                () -> live("stuck-on-many", "consumer", one),
                () -> paced("slower", 10_000, 5, 100),
                () -> paced("catching-up", 20_000, 100, 10),
                () -> paced("in-step", 500, 100, 100),
                () -> live("hot", "classic", 0, 2_000, 0, 10, 0, 10, 0, 10),
                () -> live("skewed", "classic", 0, 500, 495, 500, 495, 500, 495, 500),
                this::sixOfEight,
                this::retention,
                this::thousandPartitions));
        together(all);
        // They come last, because what is said about a transaction depends on its age.
        together(List.of(
                this::markerLeft,
                this::exactlyOnce,
                this::aborted,
                () -> {
                    live("open-caught-up", "classic", 5, 5);
                    send(transactional("open-caught-up"), "open-caught-up", 4, System.currentTimeMillis());
                },
                () -> {
                    live("open-behind", "classic", 2, 5);
                    send(transactional("open-behind"), "open-behind", 4, System.currentTimeMillis());
                }));
        ticker.scheduleWithFixedDelay(() -> ticks.forEach(Runnable::run), 0, 250, TimeUnit.MILLISECONDS);
    }

    private List<Preparation> kinds() {
        // What takes longest begins first.
        List<Preparation> kinds = new ArrayList<>(new ShareAndStreamsGroups(this, kafka, folder).preparations());
        kinds.addAll(List.of(
                () -> rebalancing("classic"),
                () -> rebalancing("consumer"),
                () -> live("classic-current", "classic", 20, 20, 10, 10),
                () -> live("classic-behind", "classic", 5, 20, 10, 10),
                () -> stopped("classic-stopped", "classic", 5, 20),
                () -> stopped("classic-stopped-current", "classic", 20, 20),
                () -> live("consumer-current", "consumer", 20, 20),
                () -> live("consumer-behind", "consumer", 5, 20),
                () -> stopped("consumer-stopped", "consumer", 5, 20),
                () -> {
                    topic("tool-only", 20);
                    kafka.commitAll("tool-only", "tool-only", 5);
                },
                this::assigned,
                this::neverCommitted,
                this::ended,
                () -> {
                    topic("unsubscribed-old", 30);
                    kafka.commitAll("unsubscribed", "unsubscribed-old", 10);
                    live("unsubscribed", "classic", 20, 20);
                },
                this::staticMember,
                this::missingTopic));
        return kinds;
    }

    private static void together(List<Preparation> preparations) throws Exception {
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Preparation preparation : preparations) {
                running.add(threads.submit(() -> {
                    preparation.run();
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Creates a topic with so many records on each partition. */
    void topic(String name, int... records) {
        kafka.createTopic(name, records.length);
        for (int partition = 0; partition < records.length; partition++) {
            kafka.produce(name, partition, records[partition]);
        }
    }

    /** Starts a member that has committed. For each partition, the committed offset and the number of records follow. */
    private Consumer<String, String> live(String group, String protocol, int... committedAndRecords) {
        int[] records = IntStream.range(0, committedAndRecords.length / 2)
                .map(i -> committedAndRecords[2 * i + 1])
                .toArray();
        topic(group, records);
        var consumer = join(group, Map.of("group.protocol", protocol), group);
        for (int partition = 0; partition < records.length; partition++) {
            consumer.commitSync(Map.of(id(group, partition), at(committedAndRecords[2 * partition])));
        }
        return consumer;
    }

    private void stopped(String group, String protocol, int committed, int records) {
        live(group, protocol, committed, records).close();
    }

    private void assigned() {
        for (String group : List.of("assign-running", "assign-later", "assign-silent")) {
            if (group.equals("assign-later")) {
                stopped(group, "classic", 0, 1_000);
            } else {
                topic(group, 1_000);
            }
            Map<String, Object> properties = properties(group);
            var consumer = keep(new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer()));
            consumer.assign(List.of(id(group, 0)));
            consumer.commitSync(Map.of(id(group, 0), at(5)));
            if (!group.equals("assign-silent")) {
                long[] next = {6};
                ticks.add(() -> consumer.commitSync(Map.of(id(group, 0), at(next[0]++))));
            }
        }
    }

    private void neverCommitted() {
        topic("never-classic", 30, 0);
        join("never-classic", Map.of("group.protocol", "classic"), "never-classic");
        topic("never-consumer", 30);
        join("never-consumer", Map.of("group.protocol", "consumer"), "never-consumer");
        topic("partly-live", 10, 1_000);
        join("partly-live", Map.of("group.protocol", "classic"), "partly-live")
                .commitSync(Map.of(id("partly-live", 0), at(10)));
        topic("never-on-empty-log", 10, 0);
        join("never-on-empty-log", Map.of("group.protocol", "classic"), "never-on-empty-log")
                .commitSync(Map.of(id("never-on-empty-log", 0), at(10)));
        topic("partly-stopped", 10, 1_000);
        kafka.commit("partly-stopped", "partly-stopped", 0, 3);
    }

    /** Commits beyond the end of the log, before its start, and on logs that were emptied. */
    private void ended() throws Exception {
        topic("beyond-end", 10);
        kafka.commitAll("beyond-end", "beyond-end", 1_000);
        topic("recreated", 50);
        kafka.commitAll("recreated", "recreated", 10);
        kafka.admin().deleteTopics(List.of("recreated")).all().get();
        // The broker removes the offsets of a deleted topic some time later and by name, so it could take those
        // committed
        // below, too.
        await().until(() -> kafka.committed("recreated").isEmpty());
        await().ignoreExceptions().until(() -> {
            topic("recreated", 3);
            return true;
        });
        kafka.commitAll("recreated", "recreated", 50);
        topic("below-start", 10);
        kafka.commitAll("below-start", "below-start", 2);
        kafka.deleteRecords("below-start", 0, 6);
        topic("emptied", 100);
        kafka.commitAll("emptied", "emptied", 10);
        kafka.deleteRecords("emptied", 0, 100);
    }

    /** Adds a partition with records to a topic, which the consumer has not noticed. */
    private void grown() throws Exception {
        live("grown", "classic", 20, 20);
        kafka.admin()
                .createPartitions(Map.of("grown", NewPartitions.increaseTo(2)))
                .all()
                .get();
        kafka.produce("grown", 1, 30);
    }

    /** Fills a topic with gaps, which count as lag. */
    private void compacted() {
        kafka.createTopic(new NewTopic("compacted", 1, (short) 1)
                .configs(Map.of(
                        "cleanup.policy",
                        "compact",
                        "segment.ms",
                        "100",
                        "min.cleanable.dirty.ratio",
                        "0.01",
                        "max.compaction.lag.ms",
                        "200")));
        for (int round = 0; round < 3; round++) {
            kafka.send(
                    "compacted",
                    IntStream.range(0, 20)
                            .mapToObj(i -> new ProducerRecord<>("compacted", 0, "key", "value " + i))
                            .toList());
            pause(150);
        }
        var reader = keep(new KafkaConsumer<>(properties("none"), new StringDeserializer(), new StringDeserializer()));
        reader.assign(List.of(id("compacted", 0)));
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            reader.seekToBeginning(List.of(id("compacted", 0)));
            return reader.poll(Duration.ofMillis(500)).count() < 60;
        });
        kafka.commitAll("compacted", "compacted", 10);
    }

    /** Lets a second member join while the first does not poll, so that the rebalance does not end. */
    private void rebalancing(String protocol) {
        String group = "rebalancing-" + protocol;
        topic(group, 20, 20);
        join(group, Map.of("group.protocol", protocol), group)
                .commitSync(Map.of(id(group, 0), at(5), id(group, 1), at(5)));
        Map<String, Object> properties = properties(group);
        properties.put("group.protocol", protocol);
        var second = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        second.subscribe(List.of(group));
        var poller = Executors.newSingleThreadScheduledExecutor();
        poller.scheduleWithFixedDelay(() -> second.poll(Duration.ofMillis(50)), 0, 50, TimeUnit.MILLISECONDS);
        open.add(() -> {
            poller.submit(second::wakeup);
            poller.shutdown();
            poller.awaitTermination(5, TimeUnit.SECONDS);
            second.close();
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> !GroupState.STABLE.equals(state(group)));
    }

    private void staticMember() {
        topic("static-gone", 50);
        var consumer = join(
                "static-gone",
                Map.of("group.protocol", "classic", "group.instance.id", "one", "session.timeout.ms", 300_000),
                "static-gone");
        consumer.commitSync(Map.of(id("static-gone", 0), at(5)));
        consumer.close();
    }

    /** Starts a member that commits, and a producer that writes, so many offsets on each tick. */
    private void paced(String group, int backlog, int consumed, int produced) {
        var consumer = live(group, "classic", 0, backlog);
        var producer = keep(new KafkaProducer<>(
                kafka.cluster().clientProperties(), new StringSerializer(), new StringSerializer()));
        long[] next = {0};
        ticks.add(() -> {
            IntStream.range(0, produced).forEach(i -> producer.send(new ProducerRecord<>(group, 0, null, "record")));
            producer.flush();
            next[0] += consumed;
            consumer.commitSync(Map.of(id(group, 0), at(next[0])));
        });
    }

    private void retention() {
        long hours = Duration.ofHours(1).toMillis();
        kafka.createTopic(new NewTopic("near-retention", 1, (short) 1)
                .configs(Map.of("retention.ms", Long.toString(10 * hours), "cleanup.policy", "delete")));
        kafka.produce("near-retention", 0, 10, System.currentTimeMillis() - 9 * hours);
        kafka.commitAll("near-retention", "near-retention", 4);
    }

    private void missingTopic() {
        Map<String, Object> properties = properties("missing-topic");
        properties.put("group.protocol", "classic");
        var consumer = keep(new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer()));
        consumer.subscribe(List.of("missing-topic-nowhere"));
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return GroupState.STABLE.equals(state("missing-topic"));
        });
    }

    private void sixOfEight() {
        topic("six-of-eight-other", 2);
        topic("six-of-eight", 6);
        join("six-of-eight", Map.of("group.protocol", "classic"), "six-of-eight", "six-of-eight-other")
                .commitSync(Map.of(id("six-of-eight", 0), at(0), id("six-of-eight-other", 0), at(0)));
    }

    private void thousandPartitions() {
        kafka.createTopic("thousand-partitions", 1_000);
        kafka.produce("thousand-partitions", 0, 1);
        kafka.commit(
                "thousand-partitions",
                IntStream.range(0, 1_000)
                        .boxed()
                        .collect(HashMap::new, (all, i) -> all.put(id("thousand-partitions", i), at(0)), Map::putAll));
    }

    private void markerLeft() {
        live("marker-left", "classic", 0, 0);
        var marking = transactional("marker-left");
        send(marking, "marker-left", 5, System.currentTimeMillis() - MINUTES_AGO);
        marking.commitTransaction();
        commitByMember("marker-left", 5);
    }

    private void exactlyOnce() {
        live("exactly-once", "classic", 0, 50);
        var producer = transactional("exactly-once");
        send(producer, "exactly-once", 5, System.currentTimeMillis());
        ticks.add(() -> {
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, "exactly-once", 5, System.currentTimeMillis());
        });
    }

    private void aborted() {
        topic("aborted", 5);
        kafka.commitAll("aborted", "aborted", 2);
        var aborting = transactional("aborted");
        send(aborting, "aborted", 5, System.currentTimeMillis());
        aborting.abortTransaction();
    }

    private void commitByMember(String group, long offset) {
        members.get(group).commitSync(Map.of(id(group, 0), at(offset)));
    }

    private KafkaProducer<String, String> transactional(String id) {
        Map<String, Object> properties = kafka.cluster().clientProperties();
        properties.put("transactional.id", id);
        properties.put("transaction.timeout.ms", 600_000);
        var producer = keep(new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer()));
        producer.initTransactions();
        producer.beginTransaction();
        return producer;
    }

    private static void send(KafkaProducer<String, String> producer, String topic, int records, long timestamp) {
        IntStream.range(0, records)
                .forEach(i -> producer.send(new ProducerRecord<>(topic, 0, timestamp, null, "record " + i)));
        producer.flush();
    }

    /** Starts a member and waits for its partitions. It polls no more, but stays a member for five minutes. */
    private Consumer<String, String> join(String group, Map<String, Object> more, String... topics) {
        Map<String, Object> properties = properties(group);
        properties.putAll(more);
        var consumer = keep(new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer()));
        consumer.subscribe(List.of(topics));
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            consumer.poll(Duration.ofMillis(50));
            return !consumer.assignment().isEmpty() && GroupState.STABLE.equals(state(group));
        });
        members.put(group, consumer);
        return consumer;
    }

    Map<String, Object> properties(String group) {
        Map<String, Object> properties = kafka.cluster().clientProperties();
        properties.put("group.id", group);
        properties.put("client.id", group);
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        return properties;
    }

    GroupState state(String group) throws Exception {
        return kafka.admin().listGroups().all().get().stream()
                .filter(listed -> listed.groupId().equals(group))
                .findFirst()
                .flatMap(listed -> listed.groupState())
                .orElse(GroupState.UNKNOWN);
    }

    <C extends AutoCloseable> C keep(C closeable) {
        open.add(closeable);
        return closeable;
    }

    static TopicPartition id(String topic, int partition) {
        return new TopicPartition(topic, partition);
    }

    private static OffsetAndMetadata at(long offset) {
        return new OffsetAndMetadata(offset);
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        await().atMost(Duration.ofSeconds(10)).until(() -> ticker.awaitTermination(1, TimeUnit.SECONDS));
        // Closing takes a moment for each, as consumers leave their groups.
        try {
            together(open.stream().<Preparation>map(one -> one::close).toList());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
