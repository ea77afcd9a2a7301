package io.qicore.mcp.kafka.internal.source;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.internal.admin.TopicErrors;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the records of a topic. Its position has the next offset of each partition, by the number of the partition. */
final class KafkaTopicSource implements RecordSource {

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(30);
    private static final int MAX_FETCH_BYTES = 8 * 1024 * 1024;

    private final Consumer<byte[], byte[]> consumer;
    private final KafkaConnection connection;
    private final String topic;
    /** The next offset of each partition that is read. */
    private final Map<TopicPartition, Long> next;
    /** The end offsets at which to end; empty to follow the topic. */
    private final Map<TopicPartition, Long> ends;

    private Iterator<ConsumerRecord<byte[], byte[]>> fetched = Collections.emptyIterator();
    private long lookedForPartitions = System.nanoTime();

    private KafkaTopicSource(
            Consumer<byte[], byte[]> consumer,
            KafkaConnection connection,
            String topic,
            Map<TopicPartition, Long> next,
            Map<TopicPartition, Long> ends) {
        this.consumer = consumer;
        this.connection = connection;
        this.topic = topic;
        this.next = next;
        this.ends = ends;
    }

    static KafkaTopicSource open(KafkaTopicType.Config config, SourcePosition from, KafkaConnection connection)
            throws InterruptedException {
        String topic = config.sourceTopic();
        Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                properties(connection, topic), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            Set<TopicPartition> partitions = partitions(consumer, topic);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER_TIMEOUT);
            boolean latest = config.start().equals("latest") && from.isStart();
            Map<TopicPartition, Long> first = latest ? ends : consumer.beginningOffsets(partitions, ANSWER_TIMEOUT);
            Map<TopicPartition, Long> next = offsets(partitions, from, first, ends);
            consumer.assign(partitions);
            next.forEach(consumer::seek);
            return new KafkaTopicSource(consumer, connection, topic, next, config.follow() ? Map.of() : ends);
        } catch (InterruptException e) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            throw interrupted(e);
        } catch (KafkaException e) {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            throw TopicErrors.onTopic(topic, connection, e);
        } catch (RuntimeException e) {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            throw e;
        }
    }

    private static Map<String, Object> properties(KafkaConnection connection, String topic) {
        Map<String, Object> properties = connection.with(Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG,
                "qicore-mcp-source-" + topic,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // See skipDeleted.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                MAX_FETCH_BYTES,
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                (int) LOOK_FOR_PARTITIONS.toMillis()));
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        return properties;
    }

    private static Set<TopicPartition> partitions(Consumer<?, ?> consumer, String topic) {
        List<PartitionInfo> known = consumer.partitionsFor(topic, ANSWER_TIMEOUT);
        if (known == null || known.isEmpty()) {
            throw new UnknownTopicOrPartitionException("There is no topic '" + topic + "'");
        }
        return known.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .collect(Collectors.toSet());
    }

    /** Returns the offsets of the position, and for partitions that it does not name the first ones. */
    private static Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions,
            SourcePosition from,
            Map<TopicPartition, Long> first,
            Map<TopicPartition, Long> ends) {
        for (String name : from.values().keySet()) {
            if (partitions.stream().noneMatch(partition -> name.equals(String.valueOf(partition.partition())))) {
                throw SourcePosition.wrong(name, "is not a partition of the topic that is read");
            }
        }
        Map<TopicPartition, Long> next = new TreeMap<>((a, b) -> Integer.compare(a.partition(), b.partition()));
        for (TopicPartition partition : partitions) {
            OptionalLong offset = from.findCount(String.valueOf(partition.partition()));
            if (offset.isPresent() && offset.getAsLong() > ends.get(partition)) {
                throw beyondTheEnd(partition, ends.get(partition));
            }
            next.put(partition, offset.orElse(first.get(partition)));
        }
        return next;
    }

    @Override
    public @Nullable SourceRecord poll(Duration timeout) throws InterruptedException {
        try {
            if (!fetched.hasNext()) {
                lookForPartitions();
                fetched = consumer.poll(timeout).iterator();
            }
        } catch (OffsetOutOfRangeException e) {
            skipDeleted(e.offsetOutOfRangePartitions());
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw TopicErrors.onTopic(topic, connection, e);
        }
        while (fetched.hasNext()) {
            ConsumerRecord<byte[], byte[]> read = fetched.next();
            TopicPartition partition = new TopicPartition(topic, read.partition());
            if (!ends.isEmpty() && read.offset() >= ends.getOrDefault(partition, 0L)) {
                continue;
            }
            next.put(partition, read.offset() + 1);
            return record(read);
        }
        return null;
    }

    /**
     * Goes on at the first record that is left of what the topic's retention has deleted. Positions beyond the end are those of
     * another topic, or of records that the cluster has lost: to begin at the start would send everything again.
     */
    private void skipDeleted(Map<TopicPartition, Long> positions) throws InterruptedException {
        try {
            Map<TopicPartition, Long> first = consumer.beginningOffsets(positions.keySet(), ANSWER_TIMEOUT);
            Map<TopicPartition, Long> last = consumer.endOffsets(positions.keySet(), ANSWER_TIMEOUT);
            positions.forEach((partition, offset) -> {
                if (offset > last.get(partition)) {
                    throw beyondTheEnd(partition, last.get(partition));
                }
                consumer.seek(partition, Math.max(offset, first.get(partition)));
            });
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw TopicErrors.onTopic(topic, connection, e);
        }
    }

    private static RuntimeException beyondTheEnd(TopicPartition partition, long end) {
        return SourcePosition.wrong(
                String.valueOf(partition.partition()),
                "is behind the end of the partition, " + end + ". Has the topic been created anew?");
    }

    private static SourceRecord record(ConsumerRecord<byte[], byte[]> read) {
        return new SourceRecord(
                read.key(),
                read.value(),
                List.of(read.headers().toArray()),
                read.timestamp() < 0 ? null : Instant.ofEpochMilli(read.timestamp()));
    }

    /** Reads the partitions that were added to the topic, from their start. */
    private void lookForPartitions() {
        long now = System.nanoTime();
        if (!ends.isEmpty() || now - lookedForPartitions < LOOK_FOR_PARTITIONS.toNanos()) {
            return;
        }
        lookedForPartitions = now;
        Set<TopicPartition> added = partitions(consumer, topic);
        added.removeAll(next.keySet());
        if (!added.isEmpty()) {
            added.forEach(partition -> next.put(partition, 0L));
            consumer.assign(next.keySet());
            consumer.seekToBeginning(added);
        }
    }

    @Override
    public boolean isEnded() {
        // Compacted records and the markers of transactions have offsets, too, so the consumer's own positions count.
        return !ends.isEmpty()
                && !fetched.hasNext()
                && ends.entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey(), ANSWER_TIMEOUT) >= end.getValue());
    }

    @Override
    public SourcePosition position() {
        Map<String, Object> offsets = new TreeMap<>();
        next.forEach((partition, offset) -> offsets.put(String.valueOf(partition.partition()), offset));
        return new SourcePosition(offsets);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }

    private static InterruptedException interrupted(InterruptException e) {
        // The exception sets the flag again, which would end the next wait at once.
        Thread.interrupted();
        InterruptedException interrupted = new InterruptedException("Interrupted while reading a topic");
        interrupted.initCause(e);
        return interrupted;
    }
}
