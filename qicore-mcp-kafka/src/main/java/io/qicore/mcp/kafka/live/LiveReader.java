package io.qicore.mcp.kafka.live;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topics that calls listen to, with one consumer on one thread for all of them, and hands each record to every call
 * that listens to its topic. Reads a topic only while a call listens. The thread and the consumer end after some time without
 * calls, and begin again with the next one. Thread-safe.
 *
 * <p>A call first {@linkplain #join joins}, then asks for the end offsets, then {@linkplain #begin begins}: so it gets each
 * record after these ends, whether or not the reader was reading the topic already.
 */
final class LiveReader {

    /** Asks for descriptions of topics. Does not wait. */
    @FunctionalInterface
    interface Descriptions {
        Map<String, KafkaFuture<TopicDescription>> request(Collection<String> topics);
    }

    private static final Logger log = LoggerFactory.getLogger(LiveReader.class);

    // Larger records are not parsed: prices are far smaller.
    private static final int MAX_PRICE_BYTES = 64 * 1024;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(250);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(2);

    private final LiveConsumers consumers;
    private final Descriptions descriptions;
    private final PriceFields fields;
    private final Duration idle;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, SharedTopic> topics = new HashMap<>();
    private @Nullable Thread thread;
    private @Nullable Consumer<byte[], byte[]> consumer;
    private boolean closed;

    LiveReader(LiveConsumers consumers, Descriptions descriptions, PriceFields fields, Duration idle) {
        this.consumers = consumers;
        this.descriptions = descriptions;
        this.fields = fields;
        this.idle = idle;
    }

    /** Begins to hand the records of a topic to a call, if they are read. The call must {@linkplain #leave leave} at its end. */
    Listener join(String topic, Set<String> symbols) {
        var listener = new Listener(topic, symbols);
        lock.lock();
        try {
            topics.computeIfAbsent(topic, SharedTopic::new).listeners().add(listener);
        } finally {
            lock.unlock();
        }
        return listener;
    }

    /** Has a topic read from where a call begins. */
    void begin(Listener listener, TopicDescription topic, Starts starts) {
        listener.begin(topic.topicId(), starts);
        lock.lock();
        try {
            SharedTopic shared = topics.get(listener.topic());
            if (closed || shared == null || !shared.listeners().contains(listener)) {
                listener.fail(new WakeupException());
                return;
            }
            if (!shared.begin(topic.topicId(), starts)) {
                return;
            }
            if (thread == null) {
                thread = new Thread(this::run, "qicore-mcp-live-reader");
                thread.setDaemon(true);
                thread.start();
            } else {
                changed.signalAll();
                wakeUp();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the part of a call. */
    void leave(Listener listener) {
        lock.lock();
        try {
            SharedTopic shared = topics.get(listener.topic());
            if (shared != null
                    && shared.listeners().remove(listener)
                    && shared.listeners().isEmpty()) {
                topics.remove(listener.topic());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the calls that listen, and waits until the consumer is closed. */
    void close() throws InterruptedException {
        Thread ending;
        lock.lock();
        try {
            closed = true;
            failAll(new WakeupException());
            changed.signalAll();
            wakeUp();
            ending = thread;
        } finally {
            lock.unlock();
        }
        if (ending != null) {
            ending.join(END_TIMEOUT.toMillis());
            if (ending.isAlive()) {
                log.warn("The consumer of live data is still open");
            }
        }
    }

    private void wakeUp() {
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    private void run() {
        Consumer<byte[], byte[]> own = null;
        try {
            own = consumers.open();
            lock.lock();
            try {
                consumer = own;
            } finally {
                lock.unlock();
            }
            long nextLook = System.nanoTime() + LOOK_EVERY.toNanos();
            while (awaitTopics()) {
                // The last call can have left in the meantime, and a consumer without partitions cannot be polled.
                if (place(own)) {
                    deliver(poll(own));
                }
                if (System.nanoTime() - nextLook > 0) {
                    look();
                    nextLook = System.nanoTime() + LOOK_EVERY.toNanos();
                }
            }
        } catch (KafkaException e) {
            // The calls answer with it.
            log.debug("Live data could not be read", e);
            end(e);
        } catch (RuntimeException | Error e) {
            log.error("The reader of live data failed", e);
            end(new KafkaException("The reader of live data failed", e));
        } finally {
            if (own != null) {
                close(own);
            }
        }
    }

    private static void close(Consumer<?, ?> consumer) {
        try {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        } catch (KafkaException e) {
            log.warn("A consumer did not close cleanly", e);
        }
    }

    /** Waits for something to read. Returns false if there is nothing for some time, or the reader is closed. */
    private boolean awaitTopics() {
        lock.lock();
        try {
            long left = idle.toNanos();
            while (!closed && left > 0) {
                if (topics.values().stream()
                        .anyMatch(topic -> !topic.partitions().isEmpty())) {
                    return true;
                }
                left = changed.awaitNanos(left);
            }
            detach();
            return false;
        } catch (InterruptedException e) {
            detach();
            throw new KafkaException("The reader of live data was interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** From now on, another call begins with a thread and a consumer of its own. */
    private void detach() {
        thread = null;
        consumer = null;
    }

    private void end(RuntimeException failure) {
        lock.lock();
        try {
            detach();
            failAll(failure);
        } finally {
            lock.unlock();
        }
    }

    private void failAll(RuntimeException failure) {
        Set.copyOf(topics.keySet()).forEach(topic -> fail(topic, failure));
    }

    private void fail(String topic, RuntimeException failure) {
        SharedTopic failed = topics.remove(topic);
        if (failed != null) {
            failed.listeners().forEach(listener -> listener.fail(failure));
        }
    }

    /** Reads what calls listen to, and nothing else. Returns whether there is something. */
    private boolean place(Consumer<byte[], byte[]> own) {
        Set<TopicPartition> partitions = new HashSet<>();
        Map<TopicPartition, Long> seeks = new HashMap<>();
        lock.lock();
        try {
            topics.values().forEach(topic -> {
                partitions.addAll(topic.partitions());
                seeks.putAll(topic.takeSeeks());
            });
        } finally {
            lock.unlock();
        }
        if (!partitions.equals(own.assignment())) {
            own.assign(partitions);
        }
        seeks.forEach(own::seek);
        return !partitions.isEmpty();
    }

    private ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> own) {
        try {
            return own.poll(POLL);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        } catch (TopicAuthorizationException e) {
            lock.lock();
            try {
                e.unauthorizedTopics().forEach(topic -> fail(topic, e));
            } finally {
                lock.unlock();
            }
            return ConsumerRecords.empty();
        }
    }

    private void deliver(ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        Map<String, List<Listener>> listeners = new HashMap<>();
        lock.lock();
        try {
            topics.forEach((name, topic) -> listeners.put(name, List.copyOf(topic.listeners())));
        } finally {
            lock.unlock();
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            List<Listener> interested = listeners.getOrDefault(record.topic(), List.of());
            if (!interested.isEmpty()) {
                LivePrice price = price(record);
                interested.forEach(listener -> listener.arrived(record.partition(), record.offset(), price));
            }
        }
    }

    private @Nullable LivePrice price(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        return value == null || value.length > MAX_PRICE_BYTES ? null : fields.read(value, record.timestamp());
    }

    /** Asks whether topics were deleted, created again or have got more partitions, which a consumer without a group does not tell. */
    private void look() {
        Set<String> names;
        lock.lock();
        try {
            names = Set.copyOf(topics.keySet());
        } finally {
            lock.unlock();
        }
        try {
            descriptions
                    .request(names)
                    .forEach((name, future) ->
                            future.whenComplete((description, failure) -> looked(name, description, failure)));
        } catch (RuntimeException e) {
            // Asked again later. Until then, reading goes on.
            log.debug("Topics could not be described", e);
        }
    }

    private void looked(String name, @Nullable TopicDescription description, @Nullable Throwable failure) {
        lock.lock();
        try {
            SharedTopic topic = topics.get(name);
            if (topic == null) {
                return;
            }
            if (description != null) {
                topic.described(description);
            } else if (failure instanceof UnknownTopicOrPartitionException unknown && topic.unknown()) {
                fail(name, unknown);
            }
        } finally {
            lock.unlock();
        }
    }
}
