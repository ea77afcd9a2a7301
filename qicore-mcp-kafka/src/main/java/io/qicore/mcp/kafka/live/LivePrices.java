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

/** Waits until a new candle of each symbol has arrived on a topic. Used once, by one thread. */
final class LivePrices {

    private static final Logger log = LoggerFactory.getLogger(LivePrices.class);

    // Candles are far smaller; larger records are not parsed.
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
     * Moves the consumer to the end of every partition, so that it reads the records that arrive from now on.
     *
     * @throws org.apache.kafka.common.KafkaException if the topic does not exist or no broker answers in time
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
        // seekToEnd would look up the end only at the first poll and miss the records that arrive before it.
        consumer.endOffsets(all, Duration.ofNanos(Math.max(deadline - System.nanoTime(), 0)))
                .forEach((partition, end) -> consumer.seek(partition, end));
    }

    /** Listens until a candle of every symbol has arrived, or the time is over. */
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

    /** Returns the newest candle of each symbol for which one arrived, in the order in which symbols were requested. */
    List<Candle> prices() {
        return wanted.stream().filter(seen::containsKey).map(seen::get).toList();
    }

    /** Returns the symbols for which no candle arrived, in the order in which they were requested. */
    List<String> missing() {
        List<String> missing = new ArrayList<>(wanted);
        missing.removeAll(seen.keySet());
        return missing;
    }

    /** Returns how many records arrived that are not candles. */
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
                    "{}-{} offset {} is not a candle: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }
}
