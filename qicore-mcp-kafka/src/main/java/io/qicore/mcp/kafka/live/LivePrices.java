package io.qicore.mcp.kafka.live;

import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.kafka.marketdata.MarketDataException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for one new candle of each symbol on a topic. Used once, by one thread. */
final class LivePrices {

    private static final Logger log = LoggerFactory.getLogger(LivePrices.class);

    // Nothing that is a candle comes near; what is larger is not worth parsing.
    private static final int MAX_CANDLE_BYTES = 64 * 1024;

    private final Consumer<byte[], byte[]> consumer;
    private final Set<String> wanted;
    private final Map<String, Candle> seen = new HashMap<>();
    private long skipped;

    LivePrices(Consumer<byte[], byte[]> consumer, List<String> symbols) {
        this.consumer = consumer;
        this.wanted = new LinkedHashSet<>(symbols);
    }

    /**
     * Places the consumer at the end of every partition: what arrives from now on is live.
     *
     * @throws org.apache.kafka.common.KafkaException if the topic does not exist or nobody answers in time
     */
    void seekToEnd(String topic, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, timeout);
        if (partitions == null || partitions.isEmpty()) {
            throw new UnknownTopicOrPartitionException("Topic " + topic + " has no partitions");
        }
        List<TopicPartition> all = partitions.stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(all);
        // Not seekToEnd: that looks the end up at the first poll, and misses what arrives before.
        consumer.endOffsets(all, Duration.ofNanos(Math.max(deadline - System.nanoTime(), 0)))
                .forEach((partition, end) -> consumer.seek(partition, end));
    }

    /** Listens until every symbol was seen or the time is over. */
    void listen(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        while (seen.size() < wanted.size()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return;
            }
            consumer.poll(Duration.ofNanos(left)).forEach(this::accept);
        }
    }

    /** The last candle of each symbol that was seen, in the order of the question. */
    List<Candle> prices() {
        return wanted.stream().filter(seen::containsKey).map(seen::get).toList();
    }

    /** The symbols that were not seen, in the order of the question. */
    List<String> missing() {
        List<String> missing = new ArrayList<>(wanted);
        missing.removeAll(seen.keySet());
        return missing;
    }

    /** How many records were no candles. */
    long skipped() {
        return skipped;
    }

    private void accept(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null || value.length > MAX_CANDLE_BYTES) {
            skipped++;
            return;
        }
        try {
            Candle candle = CandleJson.read(value);
            if (wanted.contains(candle.symbol())) {
                seen.put(candle.symbol(), candle);
            }
        } catch (MarketDataException e) {
            skipped++;
            log.debug(
                    "{}-{} offset {} is no candle: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }
}
