package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.kafka.marketdata.MarketDataSource;
import io.qicore.mcp.kafka.marketdata.MarketDataSourceFactory;
import io.qicore.mcp.kafka.marketdata.SourceSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A local runtime without a cluster: every topic exists, and Kafka's own mock takes the records. */
final class TestRuntime {

    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final ObjectMapper JSON = new ObjectMapper();

    final List<MockProducer<String, byte[]>> clients = new CopyOnWriteArrayList<>();
    final LocalProducerRuntimeBuilder builder = LocalProducerRuntime.builder(KafkaConnection.to("localhost:1"))
            .topicCheck(new EveryTopic())
            .producerFactory(sourceId -> client(true))
            .flushTimeout(Duration.ofSeconds(1));

    MockProducer<String, byte[]> client(boolean acknowledges) {
        var client = new MockProducer<>(acknowledges, null, new StringSerializer(), new ByteArraySerializer());
        clients.add(client);
        return client;
    }

    /** JSON with single quotes. */
    static ObjectNode config(String json) {
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

    /** A source type {@code custom} with the setting {@code color}. */
    record Custom(Source source) implements MarketDataSourceFactory {
        interface Source {
            Candle next() throws Exception;
        }

        @Override
        public String type() {
            return "custom";
        }

        @Override
        public Map<String, String> settings() {
            return Map.of("color", "any");
        }

        @Override
        public MarketDataSource open(SourceSettings settings) {
            return new MarketDataSource() {
                @Override
                public Candle next() throws java.io.IOException, InterruptedException {
                    try {
                        return source.next();
                    } catch (java.io.IOException | InterruptedException | RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }

                @Override
                public void close() {}
            };
        }
    }
}
