package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Records;
import io.qicore.mcp.fixture.RegistryStandIn;
import io.qicore.mcp.fixture.TcpProxy;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.KafkaMCPServer;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.access.RegistryConnection;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ProduceRecordsIT {

    @AutoClose
    private static final RegistryStandIn registry = registry();

    @AutoClose
    private static final KafkaWorld world =
            KafkaWorld.shared(connection -> new RecordsMCPServer(connection, options("*")));

    private static RegistryStandIn registry() {
        try {
            return RegistryStandIn.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KafkaOptions options(String topics) {
        return KafkaOptions.builder()
                .policy(KafkaPolicy.builder().produce(true).topics(topics).build())
                .registry(RegistryConnection.to(registry.url()))
                // The first Protobuf schema loads many classes, which takes long on a busy machine.
                .server(ServerSettings.builder()
                        .callTimeout(Duration.ofMinutes(1))
                        .build())
                .build();
    }

    @SafeVarargs
    private static Map<String, Object> call(String topic, Map<String, Object>... records) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Map<String, Object> record : records) {
            all.add(record);
        }
        return Map.of("topic", topic, "records", all);
    }

    private static JsonNode read(String topic) {
        return world.call("get_records", Map.of("topic", topic, "offset", "earliest", "limit", 200))
                .path("records");
    }

    @Test
    void records_areWritten_withKeyHeadersAndPartition() throws Exception {
        world.kafka.createTopic("written", 2);
        Map<String, Object> tombstone = new HashMap<>(Map.of("key", "t", "partition", 1));
        tombstone.put("value", null);

        var written = world.call(
                "produce_records",
                call(
                        "written",
                        Map.of("key", "k", "value", Map.of("a", 1.5), "headers", Map.of("h", "1"), "partition", 1),
                        Map.of("value", "AAE=", "base64", true, "partition", 1),
                        Map.of("key", Map.of("id", 7), "value", "text", "partition", 0),
                        tombstone));

        assertThat(written.path("success").booleanValue()).isTrue();
        assertThat(written.path("records"))
                .containsExactly(
                        json("{'partition':1,'offset':0,'bytes':12}"),
                        json("{'partition':1,'offset':1,'bytes':2}"),
                        json("{'partition':0,'offset':0,'bytes':12}"),
                        json("{'partition':1,'offset':2,'bytes':1}"));
        var rows = world.call("get_records", Map.of("topic", "written", "partitions", List.of(1), "offset", "earliest"))
                .path("records");
        assertThat(rows.path(0).path("value")).isEqualTo(json("{'json':{'a':1.5}}"));
        assertThat(rows.path(0).path("headers").path(0)).isEqualTo(json("{'name':'h','value':{'text':'1'}}"));
        assertThat(rows.path(1).path("value").path("base64").textValue()).isEqualTo("AAE=");
        assertThat(rows.path(2).path("tombstone").booleanValue()).isTrue();
    }

    @Test
    void nothingIsWritten_whenOneRecordIsRefused() throws Exception {
        world.kafka.createTopic("strict", 1);
        Map<String, Object> good = Map.of("value", "v");

        assertThat(failure(call("strict", good, Map.of("value", "v", "partition", 1))))
                .matches(e -> e.is(KafkaErrorCode.INVALID_PARTITIONS))
                .hasMessageContaining("records[1]");
        assertThat(failure(call("strict", good, Map.of("value", "%%", "base64", true))))
                .hasMessageContaining("records[1].value is not Base64");
        assertThat(failure(call("strict", good, Map.of("value", "x".repeat(300_000)))))
                .hasMessageContaining("may write 262144");
        assertThat(failure(Map.of("topic", "strict", "records", Collections.nCopies(101, good))))
                .matches(e -> e.is(StandardErrorCode.INVALID_ARGUMENT));
        assertThat(failure(Map.of("topic", "strict", "records", List.of())))
                .matches(e -> e.is(StandardErrorCode.INVALID_ARGUMENT));
        assertThat(failure(call("absent", good))).matches(e -> e.is(KafkaErrorCode.TOPIC_NOT_FOUND));
        assertThat(failure(call("__consumer_offsets", good))).matches(e -> e.is(KafkaErrorCode.NOT_ALLOWED));
        assertThat(read("strict")).isEmpty();
        assertThat(world.kafka.admin().listTopics().names().get()).doesNotContain("absent");
        try (var limited = new RecordsMCPServer(world.connection(), options("other-*"))) {
            limited.initialize();
            assertThat(Tools.failure(limited, "produce_records", call("strict", good)))
                    .matches(e -> e.is(KafkaErrorCode.NOT_ALLOWED));
        }
    }

    @Test
    void topicWithSmallRecords_saysWhichRecordsAreTooLarge() throws Exception {
        world.kafka.createTopic(new NewTopic("small", 1, (short) 1).configs(Map.of("max.message.bytes", "200")));

        assertThat(failure(call("small", Map.of("value", "x".repeat(1_000))))).hasMessageContaining("larger");
    }

    @Test
    void avro_isEncoded_andRefusedWithThePlace() throws Exception {
        world.kafka.createTopic("avro", 1);
        registry.register("avro-key", "AVRO", "\"long\"");
        registry.register(
                "avro-value",
                "AVRO",
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"id\",\"type\":\"int\"},"
                        + "{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}},"
                        + "{\"name\":\"price\",\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":5,"
                        + "\"scale\":2}},"
                        + "{\"name\":\"next\",\"type\":[\"null\",\"R\"],\"default\":null},"
                        + "{\"name\":\"state\",\"type\":{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"A\",\"B\"]},"
                        + "\"default\":\"B\"},"
                        + "{\"name\":\"tags\",\"type\":{\"type\":\"map\",\"values\":{\"type\":\"array\",\"items\":"
                        + "[\"null\",\"string\",\"double\"]}},\"default\":{}}]}");
        Map<String, Object> inner = Map.of("id", 2, "at", "1969-12-31T23:59:59.999999Z", "price", -1);
        Map<String, Object> value = Map.of(
                "id",
                1,
                "at",
                "2026-01-01T00:00:00.000001Z",
                "price",
                "12.3",
                "next",
                inner,
                "tags",
                Map.of("x", Arrays.asList(null, "y", 1.5)));

        var written = world.call("produce_records", call("avro", Map.of("key", 42, "value", value)));

        assertThat(written.path("valueSchema").textValue()).isEqualTo("avro-value, version 1");
        assertThat(written.path("keySchema").textValue()).isEqualTo("avro-key, version 1");
        var row = read("avro").path(0);
        assertThat(row.path("key").path("json")).isEqualTo(json("42"));
        assertThat(row.path("value").path("json").toString())
                .isEqualTo("{\"id\":1,\"at\":\"2026-01-01T00:00:00.000001Z\",\"price\":12.3,\"next\":{\"id\":2,"
                        + "\"at\":\"1969-12-31T23:59:59.999999Z\",\"price\":-1,\"next\":null,\"state\":\"B\",\"tags\":{}},"
                        + "\"state\":\"B\",\"tags\":{\"x\":[null,\"y\",1.5]}}");
        refusedValue("avro", with(value, "id", "1"), "'id' must be an integer");
        refusedValue("avro", with(value, "id", 3_000_000_000L), "'id' must be an integer of 32 bits");
        refusedValue("avro", with(value, "id", 1.5), "'id' must be an integer of 64 bits");
        refusedValue("avro", with(value, "price", 12.345), "'price' must have at most 2 digits after the point");
        refusedValue("avro", with(value, "price", 123456), "'price' must have at most 5 digits");
        refusedValue("avro", with(value, "next", with(inner, "id", true)), "'next.id' must be an integer");
        refusedValue("avro", with(value, "more", 1), "'more' is not in the schema");
        refusedValue("avro", with(value, "state", "C"), "'state' must be one of [A, B]");
        refusedValue("avro", with(value, "at", "soon"), "'at' must be a timestamp-micros");
        refusedValue("avro", Map.of("id", 1), "'at' is missing");
        refusedValue("avro", "text", "must be an object");
        assertThat(failure(call("avro", Map.of("key", "k", "value", value))))
                .hasMessageContaining("records[0].key is refused by avro-key, version 1");
        assertThat(failure(call("avro", Map.of("value", "AAE=", "base64", true))))
                .hasMessageContaining("has a schema");
        assertThat(read("avro")).hasSize(1);
    }

    private static Map<String, Object> with(Map<String, Object> value, String name, Object changed) {
        Map<String, Object> copy = new HashMap<>(value);
        copy.put(name, changed);
        return copy;
    }

    private static void refusedValue(String topic, Object value, String reason) {
        assertThat(failure(call(topic, Map.of("value", value))))
                .matches(e -> e.is(StandardErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("records[0].value is refused by")
                .hasMessageContaining(reason);
    }

    @Test
    void protobufAndJsonSchema_areEncodedAndRefused() throws Exception {
        world.kafka.createTopic("proto", 1);
        registry.register(
                "proto-value",
                "PROTOBUF",
                "syntax = \"proto3\"; message P { int64 id = 1; repeated string tags = 2; }");
        world.kafka.createTopic("schema", 1);
        registry.register(
                "schema-value",
                "JSON",
                "{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"integer\"}},"
                        + "\"additionalProperties\":false}");
        world.kafka.createTopic("remote", 1);
        registry.register("remote-value", "JSON", "{\"$ref\":\"" + registry.url() + "/elsewhere.json\"}");

        world.call("produce_records", call("proto", Map.of("value", Map.of("id", 5, "tags", List.of("a")))));
        world.call("produce_records", call("schema", Map.of("value", Map.of("id", 5))));

        assertThat(read("proto").path(0).path("value").path("json")).isEqualTo(json("{'id':'5','tags':['a']}"));
        assertThat(read("schema").path(0).path("value").path("json")).isEqualTo(json("{'id':5}"));
        refusedValue("proto", Map.of("id", "x"), "does not fit the Protobuf message");
        refusedValue("proto", Map.of("nope", 1), "nope");
        refusedValue("schema", Map.of("id", "x"), "id");
        refusedValue("schema", Map.of(), "id");
        assertThat(failure(call("remote", Map.of("value", Map.of("id", 1))))).isNotNull();
        assertThat(registry.requests()).noneMatch(request -> request.contains("elsewhere"));
    }

    @Test
    void registryWithoutAnswer_writesNothing() throws Exception {
        world.kafka.createTopic("unknown", 1);
        var options = options("*").toBuilder()
                .registry(RegistryConnection.to("http://localhost:1"))
                .build();
        try (var server = new RecordsMCPServer(world.connection(), options)) {
            server.initialize();
            assertThat(Tools.failure(server, "produce_records", call("unknown", Map.of("value", "v"))))
                    .matches(e -> e.is(StandardErrorCode.EXTERNAL_SERVICE_ERROR))
                    .hasMessageContaining("Nothing was written");
        }
        assertThat(read("unknown")).isEmpty();
    }

    @Test
    void recordWhoseAcknowledgementIsLost_isWrittenOnce() throws Exception {
        Map<Integer, TcpProxy> proxies = new ConcurrentHashMap<>();
        try (var proxied = KafkaWorld.alone(
                EmbeddedKafka.builder()
                        .advertisedPorts(port -> proxies.computeIfAbsent(port, ProduceRecordsIT::proxy)
                                .port())
                        .start(),
                connection -> new RecordsMCPServer(connection, options("*")))) {
            proxied.kafka.createTopic("once", 1);
            for (int i = 0; i < 3; i++) {
                String value = "the-only-one-" + i;
                proxies.values().forEach(proxy -> proxy.loseAnswerTo(value));

                JsonNode written = proxied.call(
                        "produce_records", call("once", Map.of("value", value), Map.of("value", "another")));

                assertThat(proxies.values()).anyMatch(TcpProxy::hasLostAnswer);
                assertThat(written.path("success").booleanValue()).isTrue();
                assertThat(written.path("records").findValuesAsText("offset"))
                        .containsExactly("" + 2 * i, "" + (2 * i + 1));
            }
            assertThat(proxied.call("get_records", Map.of("topic", "once", "offset", "earliest"))
                            .path("records"))
                    .hasSize(6);
        } finally {
            for (TcpProxy proxy : proxies.values()) {
                proxy.close();
            }
        }
    }

    private static TcpProxy proxy(int target) {
        try {
            return new TcpProxy(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void schemaWithReferences_refusesWithThePlace() throws Exception {
        world.kafka.createTopic("referring", 1);
        registry.register("item", "JSON", "{\"type\":\"object\",\"required\":[\"sku\"]}");
        registry.register(
                "referring-value",
                "JSON",
                "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref\":\"http://x/item.json\"}}}}",
                new Object[] {"http://x/item.json", "item", 1});

        refusedValue("referring", Map.of("items", List.of(Map.of("sku", 1), Map.of())), "items[1]");
        world.call("produce_records", call("referring", Map.of("value", Map.of("items", List.of(Map.of("sku", 1))))));
        assertThat(read("referring")).hasSize(1);
    }

    @Test
    void description_saysThatARepeatedCallWritesAgain() {
        assertThat(world.server.tools())
                .filteredOn(tool -> tool.name().equals("produce_records"))
                .allSatisfy(tool -> {
                    assertThat(tool.description()).contains("A repeated call writes the records again.");
                    assertThat(tool.annotations().idempotentHint()).isFalse();
                });
    }

    @Test
    void tombstoneOfACompactedTopic_isConfirmed() throws Exception {
        world.kafka.createTopic(new NewTopic("compact", 1, (short) 1).configs(Map.of("cleanup.policy", "compact")));

        var preview = world.call("produce_records", call("compact", Map.of("key", "k")));
        assertThat(preview.path("success").booleanValue()).isFalse();
        assertThat(read("compact")).isEmpty();
        var confirmed = world.confirmed("produce_records", call("compact", Map.of("key", "k")));
        assertThat(confirmed.path("success").booleanValue()).isTrue();
        assertThat(read("compact")).hasSize(1);
    }

    @Test
    void tools_areOffUnlessThePolicyAllowsThem() throws Exception {
        try (var records = new RecordsMCPServer(world.connection());
                var kafka = new KafkaMCPServer(world.connection());
                var both = new KafkaMCPServer(
                        world.connection(),
                        KafkaOptions.builder()
                                .policy(KafkaPolicy.builder()
                                        .records(true)
                                        .produce(true)
                                        .build())
                                .build());
                var readOnly = new KafkaMCPServer(
                        world.connection(),
                        KafkaOptions.builder()
                                .policy(KafkaPolicy.builder()
                                        .produce(true)
                                        .readOnly(true)
                                        .build())
                                .build())) {
            assertThat(records.tools()).extracting(tool -> tool.name()).doesNotContain("produce_records");
            assertThat(kafka.tools()).extracting(tool -> tool.name()).doesNotContain("produce_records", "get_records");
            assertThat(both.tools())
                    .extracting(tool -> tool.name())
                    .contains("produce_records", "abort_transaction", "get_records", "search_records", "tail_topic");
            assertThat(readOnly.tools()).extracting(tool -> tool.name()).doesNotContain("produce_records");
        }
    }

    @Test
    void hangingTransaction_isAborted_andOthersAreRefused() throws Exception {
        try (var alone = KafkaWorld.alone(
                        EmbeddedKafka.start(), connection -> new RecordsMCPServer(connection, options("*")));
                var admin = new KafkaMCPServer(alone.connection())) {
            admin.initialize();
            alone.kafka.createTopic("hanging", 1);
            var producer =
                    Records.producer(alone, Map.of("transactional.id", "lost", "transaction.timeout.ms", 600_000));
            try {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(Records.record("hanging", 0, "k", "v")).get();
                long id = open(admin).path("producerId").longValue();
                Map<String, Object> abort = Map.of("topic", "hanging", "producerId", id);
                assertThat(alone.failure("abort_transaction", abort))
                        .matches(e -> e.is(KafkaErrorCode.TRANSACTION_NOT_HANGING))
                        .hasMessageContaining("coordinator will end it");
                assertThat(alone.failure("abort_transaction", Map.of("topic", "hanging", "producerId", id + 1)))
                        .hasMessageContaining("no open transaction");

                // The coordinator forgets all transactions, as after the loss of its log.
                alone.kafka
                        .admin()
                        .deleteTopics(List.of("__transaction_state"))
                        .all()
                        .get();
                await().atMost(Duration.ofSeconds(30))
                        .ignoreExceptions()
                        .until(() -> open(admin).path("hanging").booleanValue());

                var preview = alone.call("abort_transaction", abort);
                assertThat(preview.path("success").booleanValue()).isFalse();
                assertThat(preview.path("partitions")).containsExactly(json("{'partition':0,'startOffset':0}"));
                assertThat(open(admin).isMissingNode()).isFalse();
                var done = alone.confirmed("abort_transaction", abort);
                assertThat(done.path("success").booleanValue()).isTrue();
                await().until(() -> open(admin).isMissingNode());
            } finally {
                producer.close(Duration.ZERO);
            }
        }
    }

    private static JsonNode open(KafkaMCPServer admin) {
        return Tools.call(admin, "find_open_transactions", Map.of("olderThanSeconds", 0))
                .path("transactions")
                .path(0);
    }

    private static MCPToolError failure(Map<String, Object> arguments) {
        return world.failure("produce_records", arguments);
    }
}
