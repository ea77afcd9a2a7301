package io.qicore.mcp.examples.records;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.access.RegistryConnection;
import io.qicore.mcp.kafka.records.RecordsMCPServer;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.testkit.KafkaFixture;
import io.qicore.mcp.tool.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Shows the last records of a topic whose values were written with a registered Avro schema, as an agent gets them. The e-mail
 * addresses are masked. Runs a broker and a stand-in of a schema registry in this JVM.
 */
public final class LastRecords {

    private static final Schema ORDER = SchemaBuilder.record("Order")
            .namespace("shop")
            .fields()
            .requiredLong("id")
            .requiredString("email")
            .optionalString("note")
            .endRecord();

    private LastRecords() {}

    /** Runs the example. Takes no arguments. */
    public static void main(String[] args) throws Exception {
        HttpServer registry = startRegistry();
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            writeOrders(kafka);
            KafkaOptions options = KafkaOptions.builder()
                    .policy(KafkaPolicy.builder().maskedFields("email").build())
                    .registry(RegistryConnection.to(
                            "http://localhost:" + registry.getAddress().getPort()))
                    .build();
            try (var server = new RecordsMCPServer(KafkaConnection.to(kafka.bootstrapServers()), options)) {
                server.initialize();
                try (MCPClient client = MCPClient.inProcess(server)) {
                    JsonNode page = client.call("get_records", Map.of("topic", "orders", "limit", 3));
                    for (JsonNode record : page.path("records")) {
                        System.out.println(record);
                    }
                    System.out.println("looked at: " + page.path("looked"));
                }
            }
        } finally {
            registry.stop(0);
        }
    }

    /** Starts a server that knows one schema, with the id 1. */
    private static HttpServer startRegistry() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] answer = Json.MAPPER
                .createObjectNode()
                .put("schema", ORDER.toString())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        server.createContext("/schemas/ids/1", exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static void writeOrders(EmbeddedKafka kafka) throws Exception {
        try (KafkaFixture fixture = KafkaFixture.on(kafka);
                var producer = new KafkaProducer<>(
                        kafka.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            fixture.createTopic("orders", 2);
            for (int i = 0; i < 10; i++) {
                byte[] key = ("order-" + i).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>("orders", key, order(i))).get();
            }
        }
    }

    /** Writes an order as Confluent's serializer does: a zero byte, the id of the schema, and Avro's binary encoding. */
    private static byte[] order(long id) throws IOException {
        var order = new GenericData.Record(ORDER);
        order.put("id", id);
        order.put("email", "customer" + id + "@example.org");
        var content = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().binaryEncoder(content, null);
        new GenericDatumWriter<GenericData.Record>(ORDER).write(order, encoder);
        encoder.flush();
        return ByteBuffer.allocate(5 + content.size())
                .put((byte) 0)
                .putInt(1)
                .put(content.toByteArray())
                .array();
    }
}
