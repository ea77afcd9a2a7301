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
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until a new candle of each symbol has arrived on a topic. Used once, by one thread. */
final class LivePrices {

    private static final Logger log = LoggerFactory.getLogger(LivePrices.class);

    // Candles are far smaller; larger records are not parsed.
    private static final int MAX_CANDLE_BYTES = 64 * 1024;
    private static final int MAX_OTHERS = 10;
    private static final Duration FIRST_PLACING_TIME = Duration.ofSeconds(5);
    private static final Duration MIN_PLACING_TIME = Duration.ofMillis(500);
    private static final Duration PLACING_POLL = Duration.ofMillis(50);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Set<String> wanted;
    private final Map<String, Candle> seen = new HashMap<>();
    private final Set<String> others = new TreeSet<>();
    private final Set<TopicPartition> unplaced = new LinkedHashSet<>();
    private final Set<Integer> unread = new TreeSet<>();
    private long skipped;

    LivePrices(Consumer<byte[], byte[]> consumer, String topic, List<String> symbols) {
        this.consumer = consumer;
        this.topic = topic;
        this.wanted = new LinkedHashSet<>(symbols);
    }

    /**
     * Assigns the partitions that have a leader and moves the consumer to their end, so that it reads the records that arrive
     * from now on. The ends are looked up by the first polls, for each broker by itself: a broker that hangs does not keep the
     * records of the others back.
     *
     * @throws org.apache.kafka.common.KafkaException if the topic does not exist or no broker answers in time
     */
    void seekToEnd(Duration timeout) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, timeout);
        if (partitions == null || partitions.isEmpty()) {
            throw new UnknownTopicOrPartitionException("Topic " + topic + " has no partitions");
        }
        Set<TopicPartition> led = new LinkedHashSet<>();
        for (PartitionInfo info : partitions) {
            if (info.leader() == null || info.leader().isEmpty()) {
                unread.add(info.partition());
            } else {
                led.add(new TopicPartition(topic, info.partition()));
            }
        }
        if (led.isEmpty()) {
            throw new LeaderNotAvailableException("No partition of topic " + topic + " has a leader");
        }
        consumer.assign(led);
        consumer.seekToEnd(led);
        unplaced.addAll(led);
    }

    /**
     * Reads until a candle of every symbol has arrived, or the time is over. The time starts when the consumer is at the end
     * of every partition, or has waited for that for as long after it reached the end of the first one.
     *
     * <p>The first one may take longer: the consumer asks a random broker for the leaders, and that may be one that hangs.
     *
     * @param time how long to wait for records
     * @param end the {@link System#nanoTime} at which it ends in any case
     * @throws org.apache.kafka.common.KafkaException if no partition can be read
     */
    void listen(Duration time, long end) {
        long placedBy = earliest(end, System.nanoTime() + longest(time, FIRST_PLACING_TIME));
        while (!unplaced.isEmpty() && !complete()) {
            Duration left = left(placedBy);
            if (left.isZero()) {
                leaveOut(unplaced);
                return;
            }
            consumer.poll(left.compareTo(PLACING_POLL) < 0 ? left : PLACING_POLL)
                    .forEach(this::accept);
            boolean none = unplaced.size() == consumer.assignment().size();
            if (unplaced.removeIf(this::placed) && none) {
                placedBy = earliest(end, System.nanoTime() + longest(time, MIN_PLACING_TIME));
            }
        }
        long deadline = earliest(end, System.nanoTime() + time.toNanos());
        while (!complete()) {
            Duration left = left(deadline);
            if (left.isZero()) {
                return;
            }
            consumer.poll(left).forEach(this::accept);
        }
    }

    private void leaveOut(Set<TopicPartition> partitions) {
        if (partitions.size() == consumer.assignment().size()) {
            throw new TimeoutException("No leader of a partition of topic " + topic + " answered");
        }
        partitions.forEach(partition -> unread.add(partition.partition()));
    }

    private boolean complete() {
        return seen.size() == wanted.size();
    }

    private boolean placed(TopicPartition partition) {
        try {
            consumer.position(partition, Duration.ZERO);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static long longest(Duration first, Duration second) {
        return Math.max(first.toNanos(), second.toNanos());
    }

    private static long earliest(long first, long second) {
        return first - second < 0 ? first : second;
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(deadline - System.nanoTime(), 0));
    }

    /** Returns the partitions that were not read, because they have no leader or their leader did not answer. */
    List<Integer> unread() {
        return List.copyOf(unread);
    }

    /** Returns the first symbols that arrived and were not asked for. */
    List<String> others() {
        return List.copyOf(others);
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
            } else if (others.size() < MAX_OTHERS) {
                others.add(candle.symbol());
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
