package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Records.utf8;
import static io.qicore.mcp.fixture.Records.write;
import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Records;
import io.qicore.mcp.fixture.RegistryStandIn;
import io.qicore.mcp.fixture.RegistryStandIn.Registered;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.access.RegistryConnection;
import io.qicore.mcp.server.ServerSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Records with registered schemas. Their bytes are written by the library of Avro. */
class SchemaRecordsIT {

    private static final String ADDRESS = "{\"type\":\"record\",\"name\":\"Address\",\"namespace\":\"a\",\"fields\":["
            + "{\"name\":\"email\",\"type\":\"string\"}]}";

    private static final String ORDER = "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"a\",\"fields\":["
            + "{\"name\":\"id\",\"type\":\"long\"},"
            + "{\"name\":\"price\",\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}},"
            + "{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}},"
            + "{\"name\":\"day\",\"type\":{\"type\":\"int\",\"logicalType\":\"date\"}},"
            + "{\"name\":\"uuid\",\"type\":{\"type\":\"string\",\"logicalType\":\"uuid\"}},"
            + "{\"name\":\"state\",\"type\":{\"type\":\"enum\",\"name\":\"State\",\"symbols\":[\"NEW\",\"PAID\"]}},"
            + "{\"name\":\"hash\",\"type\":{\"type\":\"fixed\",\"name\":\"Hash\",\"size\":2}},"
            + "{\"name\":\"note\",\"type\":[\"null\",\"string\"]},"
            + "{\"name\":\"rate\",\"type\":\"double\"},"
            + "{\"name\":\"tags\",\"type\":{\"type\":\"array\",\"items\":\"string\"}},"
            + "{\"name\":\"counts\",\"type\":{\"type\":\"map\",\"values\":\"int\"}},"
            + "{\"name\":\"address\",\"type\":\"a.Address\"},"
            + "{\"name\":\"parent\",\"type\":[\"null\",\"Order\"]}]}";

    @AutoClose
    private static final RegistryStandIn registry = registry();

    @AutoClose
    private static final KafkaWorld world =
            KafkaWorld.shared(connection -> new RecordsMCPServer(connection, options()));

    private static RegistryStandIn registry() {
        try {
            return RegistryStandIn.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KafkaOptions options(String... masked) {
        return KafkaOptions.builder()
                .policy(KafkaPolicy.builder().maskedFields(masked).build())
                .registry(RegistryConnection.to(registry.url()).timeout(Duration.ofSeconds(10)))
                // The first Protobuf schema loads many classes, which takes long on a busy machine.
                .server(ServerSettings.builder()
                        .callTimeout(Duration.ofMinutes(1))
                        .build())
                .build();
    }

    private static Registered order;

    @BeforeAll
    static void register() {
        registry.register("addresses", "AVRO", ADDRESS);
        order = registry.register("orders-value", "AVRO", ORDER, new Object[] {"a.Address", "addresses", 1});
    }

    private static byte[] avro(Schema schema, Object datum) throws IOException {
        GenericData data = new GenericData();
        data.addLogicalTypeConversion(new Conversions.DecimalConversion());
        var out = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema, data).write(datum, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static Schema orderSchema() {
        Schema.Parser parser = new Schema.Parser();
        parser.parse(ADDRESS);
        return parser.parse(ORDER);
    }

    private static GenericData.Record order(Schema schema, long id, Object parent) {
        var address = new GenericData.Record(schema.getField("address").schema());
        address.put("email", "s3cr3t");
        var record = new GenericData.Record(schema);
        record.put("id", id);
        record.put("price", new BigDecimal("12.30"));
        record.put("at", 1_790_000_000_123L);
        record.put("day", 20_000);
        record.put("uuid", "8d1b0f2e-0000-4000-8000-000000000001");
        record.put("state", new GenericData.EnumSymbol(schema.getField("state").schema(), "PAID"));
        record.put("hash", new GenericData.Fixed(schema.getField("hash").schema(), new byte[] {1, 2}));
        record.put("note", null);
        record.put("rate", Double.NaN);
        record.put("tags", List.of("x", "\u00e9"));
        record.put("counts", Map.of("a", 1));
        record.put("address", address);
        record.put("parent", parent);
        return record;
    }

    @Test
    void avro_withReferencesLogicalTypesAndRecursion() throws Exception {
        world.kafka.createTopic("orders", 1);
        Schema schema = orderSchema();
        assertThat(schema.getField("price").schema().getLogicalType()).isInstanceOf(LogicalTypes.Decimal.class);
        byte[] content = avro(schema, order(schema, 1, order(schema, 2, null)));
        var inHeader = new ProducerRecord<>("orders", 0, (byte[]) null, content);
        inHeader.headers().add("__value_schema_id", order.header());
        write(world, new ProducerRecord<>("orders", 0, utf8("k"), order.framed(content)), inHeader);

        var rows = get("orders").path("records");

        JsonNode value = rows.path(1).path("value").path("json");
        assertThat(value.toString())
                .isEqualTo(json("{'id':1,'price':12.30,'at':'2026-09-21T14:13:20.123Z','day':'2024-10-04',"
                                + "'uuid':'8d1b0f2e-0000-4000-8000-000000000001','state':'PAID','hash':'AQI=','note':null,"
                                + "'rate':'NaN','tags':['x','\u00e9'],'counts':{'a':1},'address':{'email':'s3cr3t'},"
                                + "'parent':{'id':2,'price':12.30,'at':'2026-09-21T14:13:20.123Z','day':'2024-10-04',"
                                + "'uuid':'8d1b0f2e-0000-4000-8000-000000000001','state':'PAID','hash':'AQI=','note':null,"
                                + "'rate':'NaN','tags':['x','\u00e9'],'counts':{'a':1},'address':{'email':'s3cr3t'},"
                                + "'parent':null}}")
                        .toString()
                        .replace("12.30", "12.3"));
        assertThat(rows.path(1).path("value").path("schema"))
                .isEqualTo(json("{'id':'" + order.id() + "','type':'AVRO','name':'a.Order'}"));
        assertThat(rows.path(0).path("value").path("json")).isEqualTo(value);
        assertThat(rows.path(0).path("value").path("schema").path("id").textValue())
                .isEqualTo(order.guid().toString());
        assertThat(world.call("search_records", Map.of("topic", "orders", "text", "\"state\":\"PAID\""))
                        .path("records"))
                .hasSize(2);
        assertThat(world.call("get_records", Map.of("topic", "orders", "fields", Map.of("parent.id", 2)))
                        .path("records"))
                .hasSize(2);
        assertThat(world.call("get_records", Map.of("topic", "orders", "fields", Map.of("id", 2)))
                        .path("records"))
                .isEmpty();
    }

    @Test
    void avro_evolves_andIsMasked() throws Exception {
        world.kafka.createTopic("evolving", 1);
        String first = "{\"type\":\"record\",\"name\":\"E\",\"fields\":[{\"name\":\"email\",\"type\":\"string\"}]}";
        String second = "{\"type\":\"record\",\"name\":\"E\",\"fields\":[{\"name\":\"added\",\"type\":\"int\"},"
                + "{\"name\":\"email\",\"type\":\"string\"}]}";
        var one = registry.register("evolving-value", "AVRO", first);
        var two = registry.register("evolving-value", "AVRO", second);
        var keyed = registry.register("evolving-key", "AVRO", "\"string\"");
        var old = new GenericData.Record(new Schema.Parser().parse(first));
        old.put("email", "s3cr3t");
        var young = new GenericData.Record(new Schema.Parser().parse(second));
        young.put("added", 7);
        young.put("email", "s3cr3t");
        write(
                world,
                new ProducerRecord<>(
                        "evolving",
                        0,
                        keyed.framed(avro(Schema.create(Schema.Type.STRING), "k1")),
                        one.framed(avro(old.getSchema(), old))),
                new ProducerRecord<>("evolving", 0, null, two.framed(avro(young.getSchema(), young))));

        var rows = get("evolving").path("records");
        assertThat(rows.path(0).path("value").path("json")).isEqualTo(json("{'added':7,'email':'s3cr3t'}"));
        assertThat(rows.path(1).path("value").path("json")).isEqualTo(json("{'email':'s3cr3t'}"));
        assertThat(rows.path(1).path("key").path("json").textValue()).isEqualTo("k1");
        assertThat(world.call("get_records", Map.of("topic", "evolving", "key", "k1"))
                        .path("records"))
                .hasSize(1);

        try (var masking = new RecordsMCPServer(world.connection(), options("email"))) {
            masking.initialize();
            var masked = Tools.call(masking, "get_records", Map.of("topic", "evolving"));
            assertThat(masked.toString()).doesNotContain("s3cr3t").doesNotContain("czNjcjN0");
            assertThat(masked.path("records").path(0).path("value").path("json"))
                    .isEqualTo(json("{'added':7,'email':'***'}"));
            assertThat(Tools.call(masking, "search_records", Map.of("topic", "evolving", "text", "s3cr3t"))
                            .path("records"))
                    .isEmpty();
        }
    }

    @Test
    void jsonSchema_andWhatDoesNotFit() throws Exception {
        world.kafka.createTopic("damaged", 1);
        var schema = registry.register("damaged-value", "JSON", "{\"title\":\"Thing\",\"type\":\"object\"}");
        var broken = registry.register("broken-value", "AVRO", "{\"type\":\"recrd\"}");
        var unknownType = registry.register("odd-value", "XML", "<a/>");
        var array = registry.register("array-value", "AVRO", "{\"type\":\"array\",\"items\":\"null\"}");
        write(
                world,
                value(schema.framed(utf8("{\"a\":1}"))),
                value(schema.framed(utf8("nonsense"))),
                value(order.framed(new byte[] {2})),
                value(order.framed(new byte[500])),
                value(broken.framed(new byte[] {0})),
                value(unknownType.framed(new byte[] {0})),
                value(new Registered(999, order.guid(), "", 1).framed(new byte[] {1})),
                value(array.framed(new byte[] {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 0})),
                value(ByteBuffer.allocate(8).putLong(42).array()),
                value(utf8("plain")));

        var rows = forward("damaged").path("records");
        assertThat(rows.path(0).path("value"))
                .isEqualTo(json("{'json':{'a':1},'schema':{'id':'" + schema.id() + "','type':'JSON','name':'Thing'}}"));
        assertThat(note(rows, 1)).contains("not JSON");
        assertThat(note(rows, 2)).contains("does not fit its Avro schema");
        assertThat(note(rows, 3)).contains("does not fit its Avro schema");
        assertThat(note(rows, 4)).contains("Avro schema cannot be parsed");
        assertThat(note(rows, 5)).contains("type XML");
        assertThat(note(rows, 6)).contains("Schema 999: The schema registry does not have schema 999.");
        assertThat(note(rows, 7)).contains("does not fit its Avro schema");
        assertThat(rows.path(8).path("value")).isEqualTo(json("{'base64':'AAAAAAAAACo=','integer':42}"));
        assertThat(rows.path(9).path("value")).isEqualTo(json("{'text':'plain'}"));
    }

    private static String note(JsonNode rows, int row) {
        return rows.path(row).path("value").path("note").asText();
    }

    private static ProducerRecord<byte[], byte[]> value(byte[] value) {
        return new ProducerRecord<>("damaged", 0, null, value);
    }

    @Test
    void registryThatFails_leavesTheBytes_andTheReason() throws Exception {
        world.kafka.createTopic("faulty", 1);
        try (var own = RegistryStandIn.start()) {
            var registered = own.register("faulty-value", "AVRO", "\"int\"");
            Records.writeAll(
                    world,
                    Collections.nCopies(
                            20, new ProducerRecord<>("faulty", 0, null, registered.framed(new byte[] {14}))));
            own.delay(2_000);
            assertReason(own, "did not answer in PT0.5S");
            own.delay(0);
            own.answer(500);
            assertReason(own, "status 500");
            own.answer(302);
            assertReason(own, "status 302");
            own.answer(200);
            own.garble("<html>");
            assertReason(own, "not JSON");
            own.garble("{}");
            assertReason(own, "no schema");
            own.garble("\"" + "x".repeat(5_000_000) + "\"");
            assertReason(own, "did not answer");
            own.garble(null);
            own.require("Basic dTpw");
            assertReason(own, "refused the credentials");
            assertThat(first(RegistryConnection.to(own.url()).basic("u", "p")).path("json"))
                    .isEqualTo(json("7"));
            own.require("Bearer t0k3n");
            assertThat(first(RegistryConnection.to(own.url()).bearer("t0k3n")).path("json"))
                    .isEqualTo(json("7"));
            assertThat(own.requests()).allSatisfy(request -> assertThat(request).startsWith("GET /schemas/ids/1"));
            // Each server asked once, although there are 20 records.
            assertThat(own.requests()).hasSize(9);
            own.stop();
            assertReason(own, "cannot be reached");
        }
    }

    private static void assertReason(RegistryStandIn own, String reason) throws Exception {
        long start = System.nanoTime();
        var value = first(RegistryConnection.to(own.url()).timeout(Duration.ofMillis(500)));
        assertThat(value.path("base64").textValue()).isEqualTo("AAAAAAEO");
        assertThat(value.path("note").textValue()).contains(reason);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    private static JsonNode first(RegistryConnection connection) throws Exception {
        try (var server = new RecordsMCPServer(
                world.connection(), KafkaOptions.builder().registry(connection).build())) {
            server.initialize();
            var rows = Tools.call(server, "get_records", Map.of("topic", "faulty", "limit", 20))
                    .path("records");
            assertThat(rows).hasSize(20);
            return rows.path(0).path("value");
        }
    }

    private static JsonNode get(String topic) {
        return world.call("get_records", Map.of("topic", topic));
    }

    private static JsonNode forward(String topic) {
        return world.call("get_records", Map.of("topic", topic, "offset", "earliest", "limit", 50));
    }
}
