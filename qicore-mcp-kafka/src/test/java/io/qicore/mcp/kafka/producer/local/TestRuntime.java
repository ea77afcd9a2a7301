package io.qicore.mcp.kafka.producer.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.internal.admin.TopicCheck;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceContext;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceRecord;
import io.qicore.mcp.kafka.source.SourceType;
import io.qicore.mcp.tool.Schema;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A local runtime without a cluster: every topic exists, and Kafka's own mock takes the records. */
public final class TestRuntime {

    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final ObjectMapper JSON = new ObjectMapper();

    public final List<MockProducer<byte[], byte[]>> clients = new CopyOnWriteArrayList<>();
    public final LocalProducerRuntimeBuilder builder = LocalProducerRuntime.builder(KafkaConnection.to("localhost:1"))
            .topicCheck(new EveryTopic())
            .producerFactory(sourceId -> client(true))
            .firstRetry(Duration.ofMillis(10))
            .flushTimeout(Duration.ofSeconds(1));

    MockProducer<byte[], byte[]> client(boolean acknowledges) {
        var client = new MockProducer<>(acknowledges, null, new ByteArraySerializer(), new ByteArraySerializer());
        clients.add(client);
        return client;
    }

    /** JSON with single quotes. */
    public static ObjectNode config(String json) {
        try {
            return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
        } catch (Exception e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    static class EveryTopic implements TopicCheck {
        @Override
        public void requireTopic(String topic, Duration timeout) throws InterruptedException {}

        @Override
        public void close() {}
    }

    /** A source type {@code custom} with the setting {@code color}, which counts: record 1, 2, 3 … without end. */
    public static class Custom implements SourceType<Custom.Config> {

        /** What happens when a record is read; null for its end. */
        public interface Reading {
            Object read(long number) throws IOException, InterruptedException;
        }

        public record Config(@Schema("any") @Nullable String color) {}

        final List<SourcePosition> openedAt = new CopyOnWriteArrayList<>();
        final AtomicInteger read = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        private final Reading reading;

        public Custom(Reading reading) {
            this.reading = reading;
        }

        public static Custom counting() {
            return new Custom(number -> number);
        }

        @Override
        public String name() {
            return "custom";
        }

        @Override
        public String description() {
            return "Numbers.";
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        protected SourcePosition position(long number) {
            return number == 0 ? SourcePosition.START : SourcePosition.of("number", number);
        }

        @Override
        public RecordSource open(Config config, SourcePosition from, SourceContext context) {
            openedAt.add(from);
            return new RecordSource() {
                private long number = from.findCount("number").orElse(0);
                private boolean ended;

                @Override
                public @Nullable SourceRecord poll(Duration timeout) throws IOException, InterruptedException {
                    Object value = reading.read(number + 1);
                    ended = value == null;
                    if (ended) {
                        return null;
                    }
                    number++;
                    read.incrementAndGet();
                    return SourceRecord.of("key", String.valueOf(value).getBytes());
                }

                @Override
                public boolean isEnded() {
                    return ended;
                }

                @Override
                public SourcePosition position() {
                    return Custom.this.position(number);
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
        }
    }
}
