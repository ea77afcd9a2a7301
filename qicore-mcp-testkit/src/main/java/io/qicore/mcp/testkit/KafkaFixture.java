package io.qicore.mcp.testkit;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Prepares and inspects a Kafka cluster for a test: topics, records, committed offsets and group members.
 *
 * <pre>{@code
 * try (EmbeddedKafka kafka = EmbeddedKafka.start();
 *         KafkaFixture fixture = KafkaFixture.on(kafka)) {
 *     fixture.createTopic("orders", 2);
 *     fixture.produce("orders", 0, 10);
 *     fixture.commit("billing", "orders", 0, 4);
 *     // … the code under test resets the group …
 *     assertEquals(0, fixture.committed("billing", "orders", 0).orElseThrow());
 * }
 * }</pre>
 *
 * <p>When a method returns, the brokers have carried out the operation. If the cluster does not answer within 30
 * seconds or refuses the operation, the method throws an {@link IllegalStateException} with Kafka's exception as its cause.
 *
 * <p>Thread-safe.
 */
public final class KafkaFixture implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private final EmbeddedKafka kafka;
    private final Admin admin;

    private KafkaFixture(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.admin = Admin.create(kafka.clientProperties());
    }

    /** Returns a fixture for a cluster. The cluster stays open when the fixture is closed. */
    public static KafkaFixture on(EmbeddedKafka kafka) {
        return new KafkaFixture(kafka);
    }

    /** Returns the cluster. */
    public EmbeddedKafka cluster() {
        return kafka;
    }

    /** Returns the fixture's own client, for operations that the fixture has no method for. It is closed with the fixture. */
    public Admin admin() {
        return admin;
    }

    /** Creates a topic with a replication factor of 1. */
    public void createTopic(String name, int partitions) {
        createTopic(new NewTopic(name, partitions, (short) 1));
    }

    /** Creates a topic. */
    public void createTopic(NewTopic topic) {
        get("create topic " + topic.name(), admin.createTopics(List.of(topic)).all());
        awaitTopic(topic.name());
    }

    /**
     * Waits until the leaders of a topic that another client has created serve it, which takes them a moment. A producer that
     * writes before gets errors that it repeats, and can lose the order of its records.
     */
    public void awaitTopic(String name) {
        await("topic " + name, () -> {
            try {
                var partitions = admin.describeTopics(List.of(name))
                        .allTopicNames()
                        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .get(name)
                        .partitions();
                if (partitions.stream().anyMatch(partition -> partition.leader() == null)) {
                    return false;
                }
                // Metadata names a leader before that broker has opened the log. Only the leader tells the end of a
                // log.
                Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
                partitions.forEach(
                        partition -> ends.put(new TopicPartition(name, partition.partition()), OffsetSpec.latest()));
                admin.listOffsets(ends).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** Writes records with a short text as value and no key. */
    public void produce(String topic, int partition, int records) {
        produce(topic, partition, records, System.currentTimeMillis());
    }

    /**
     * Writes records with a short text as value and no key.
     *
     * @param timestamp the timestamp of all records, in milliseconds since 1970
     */
    public void produce(String topic, int partition, int records, long timestamp) {
        send(
                topic,
                IntStream.range(0, records)
                        .mapToObj(i ->
                                new ProducerRecord<String, String>(topic, partition, timestamp, null, "record " + i))
                        .toList());
    }

    /** Writes records. */
    public void send(String topic, Collection<ProducerRecord<String, String>> records) {
        try (var producer =
                new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new StringSerializer())) {
            var sent = records.stream().map(producer::send).toList();
            producer.flush();
            for (var written : sent) {
                try {
                    written.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                } catch (Exception e) {
                    throw failed("write to topic " + topic, e);
                }
            }
        }
    }

    /** Deletes the records of a partition before an offset, as retention does. */
    public void deleteRecords(String topic, int partition, long beforeOffset) {
        get(
                "delete records of topic " + topic,
                admin.deleteRecords(Map.of(
                                new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(beforeOffset)))
                        .all());
    }

    /** Commits an offset for a consumer group that has no members. Creates the group if it does not exist. */
    public void commit(String groupId, String topic, int partition, long offset) {
        commit(groupId, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
    }

    /**
     * Commits offsets for a consumer group as {@link #commit(String, String, int, long)} does.
     *
     * @param offsets the offset of partition 0, of partition 1 and so on
     */
    public void commitAll(String groupId, String topic, long... offsets) {
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        for (int partition = 0; partition < offsets.length; partition++) {
            commits.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offsets[partition]));
        }
        commit(groupId, commits);
    }

    /** Commits offsets for a consumer group as {@link #commit(String, String, int, long)} does. */
    public void commit(String groupId, Map<TopicPartition, OffsetAndMetadata> offsets) {
        get(
                "commit for group " + groupId,
                admin.alterConsumerGroupOffsets(groupId, offsets).all());
    }

    /** Returns the committed offset of a group, or empty if the group has none for that partition. */
    public OptionalLong committed(String groupId, String topic, int partition) {
        OffsetAndMetadata offset = committed(groupId).get(new TopicPartition(topic, partition));
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset());
    }

    /** Returns all committed offsets of a group. */
    public Map<TopicPartition, OffsetAndMetadata> committed(String groupId) {
        return get(
                "read the offsets of group " + groupId,
                admin.listConsumerGroupOffsets(groupId).partitionsToOffsetAndMetadata());
    }

    /**
     * Starts a consumer and waits until it has been assigned partitions.
     *
     * @param protocol {@code classic} or {@code consumer}
     * @return the consumer, which does not commit automatically; the caller closes it, and uses it on its own thread only
     */
    public KafkaConsumer<String, String> join(String groupId, String clientId, String topic, String protocol) {
        Map<String, Object> properties = kafka.clientProperties();
        properties.put("group.id", groupId);
        properties.put("client.id", clientId);
        properties.put("group.protocol", protocol);
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        try {
            consumer.subscribe(List.of(topic));
            await("partitions for a member of group " + groupId, () -> {
                consumer.poll(Duration.ofMillis(100));
                return !consumer.assignment().isEmpty();
            });
            return consumer;
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /**
     * Deletes all topics and all groups, so that the next test starts with an empty cluster. Waits until members that are
     * leaving their groups have left.
     */
    public void clear() {
        await("the deletion of groups", () -> {
            List<String> groups = groups();
            for (var deletion :
                    admin.deleteConsumerGroups(groups).deletedGroups().values()) {
                try {
                    deletion.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof GroupNotEmptyException
                            || e.getCause() instanceof GroupIdNotFoundException)) {
                        throw e;
                    }
                }
            }
            return groups.isEmpty();
        });
        get("delete topics", admin.deleteTopics(topics()).all());
        await("the deletion of topics", () -> topics().isEmpty());
    }

    private List<String> groups() {
        return get("list groups", admin.listGroups().all()).stream()
                .map(GroupListing::groupId)
                .toList();
    }

    private Set<String> topics() {
        return get("list topics", admin.listTopics().names());
    }

    private static <T> T get(String what, KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw failed(what, e);
        }
    }

    private static void await(String what, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!condition.call()) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("Waited " + PATIENCE.toSeconds() + " s for " + what);
                }
                Thread.sleep(POLL_INTERVAL.toMillis());
            }
        } catch (Exception e) {
            throw failed("wait for " + what, e);
        }
    }

    private static IllegalStateException failed(String what, Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return new IllegalStateException("Could not " + what + ": " + cause.getMessage(), cause);
    }

    /** Closes the client of this fixture. The cluster stays open and keeps its data. */
    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
