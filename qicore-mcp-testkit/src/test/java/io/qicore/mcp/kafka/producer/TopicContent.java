package io.qicore.mcp.kafka.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.testkit.KafkaFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads all records of a topic. */
final class TopicContent {

    private TopicContent() {}

    /** Returns the committed records that the topic has now, those of each partition in their order. */
    static List<ConsumerRecord<String, String>> read(KafkaFixture kafka, String topic) {
        Map<String, Object> properties = kafka.cluster().clientProperties();
        properties.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    /**
     * Asserts that the records of a {@link NumberedType} are complete, from 1 to a number, and that those of each key are in their
     * order. Returns how many of them are there more than once.
     */
    static long assertComplete(List<ConsumerRecord<String, String>> all, String prefix, long last) {
        long repeated = 0;
        for (int key = 0; key < NumberedType.KEYS; key++) {
            String name = prefix + key;
            long expected = key == 0 ? NumberedType.KEYS : key;
            for (ConsumerRecord<String, String> record : all) {
                if (!name.equals(record.key())) {
                    continue;
                }
                long number = Long.parseLong(record.value());
                if (number < expected) {
                    repeated++;
                } else {
                    assertThat(number).as("next of %s", name).isEqualTo(expected);
                    expected += NumberedType.KEYS;
                }
            }
            assertThat(expected).as("end of %s", name).isGreaterThan(last);
        }
        return repeated;
    }
}
