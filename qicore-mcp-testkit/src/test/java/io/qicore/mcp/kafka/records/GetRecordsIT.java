package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Records.record;
import static io.qicore.mcp.fixture.Records.topic;
import static io.qicore.mcp.fixture.Records.utf8;
import static io.qicore.mcp.fixture.Records.write;
import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Records;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPToolError;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class GetRecordsIT {

    private static final long T0 = Instant.parse("2026-11-01T00:00:00Z").toEpochMilli();

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared(RecordsMCPServer::new);

    @Test
    void lastRecords_areMergedByTime_andTheCursorGoesFurtherBack() throws Exception {
        topic(world, "merged", 3);
        for (int i = 0; i < 12; i++) {
            write(world, record("merged", i % 3, T0 + i * 1000, "k" + i, "{\"i\":" + i + "}"));
        }

        var first = get("topic", "merged", "limit", 5);
        var second = get("topic", "merged", "limit", 5, "cursor", cursor(first));
        var third = get("topic", "merged", "limit", 5, "cursor", cursor(second));

        assertThat(keys(first)).containsExactly("k11", "k10", "k9", "k8", "k7");
        assertThat(first.path("records").path(0))
                .isEqualTo(json("{'partition':2,'offset':3,'timestamp':'2026-11-01T00:00:11Z','key':{'text':'k11'},"
                        + "'value':{'json':{'i':11}}}"));
        assertThat(first.path("complete").booleanValue()).isFalse();
        assertThat(first.path("stoppedReason").textValue()).isEqualTo("limit");
        assertThat(keys(second)).containsExactly("k6", "k5", "k4", "k3", "k2");
        assertThat(keys(third)).containsExactly("k1", "k0");
        assertThat(third.path("complete").booleanValue()).isTrue();
        assertThat(third.path("stoppedReason").textValue()).isEqualTo("end");
        assertThat(third.has("nextCursor")).isFalse();
        assertThat(third.path("looked"))
                .containsExactly(
                        json("{'partition':0,'from':0,'to':1,'start':0,'end':4}"),
                        json("{'partition':1,'from':0,'to':1,'start':0,'end':4}"));
    }

    @Test
    void lastRecords_ofEachPartition() throws Exception {
        topic(world, "each", 3);
        for (int i = 0; i < 9; i++) {
            write(world, record("each", i % 2, "k" + i, "v"));
        }

        var last = get("topic", "each", "limit", 2, "perPartition", true);
        var one = get("topic", "each", "limit", 2, "perPartition", true, "partitions", List.of(1));

        assertThat(keys(last)).containsExactly("k8", "k6", "k7", "k5");
        assertThat(keys(one)).containsExactly("k7", "k5");
        assertThat(keys(get("topic", "each", "limit", 9, "perPartition", true, "cursor", cursor(last))))
                .containsExactly("k4", "k2", "k0", "k3", "k1");
    }

    @Test
    void fromOffset_readsForward_toTheEnd() throws Exception {
        topic(world, "forward", 1);
        for (int i = 0; i < 5; i++) {
            write(world, record("forward", 0, null, "v" + i));
        }

        var page = get("topic", "forward", "offset", 2, "limit", 2);
        assertThat(values(page)).containsExactly("v2", "v3");
        assertThat(page.path("looked").path(0)).isEqualTo(json("{'partition':0,'from':2,'to':4,'start':0,'end':5}"));
        write(world, record("forward", 0, null, "v5"));
        var rest = get("topic", "forward", "offset", 2, "cursor", cursor(page));
        assertThat(values(rest)).containsExactly("v4", "v5");
        assertThat(rest.path("complete").booleanValue()).isTrue();
        assertThat(values(get("topic", "forward", "offset", "earliest", "limit", 1)))
                .containsExactly("v0");
        assertThat(values(get("topic", "forward", "offset", "3.0", "limit", 1))).containsExactly("v3");
        assertThat(values(get("topic", "forward", "offset", 6))).isEmpty();
    }

    @Test
    void wrongStarts_areRefused() throws Exception {
        topic(world, "starts", 2);
        write(world, record("starts", 0, null, "v"));

        assertThat(failure("topic", "starts", "offset", 2, "partitions", List.of(0)))
                .matches(e -> e.is(KafkaErrorCode.INVALID_OFFSET))
                .hasMessageContaining("are 0 to 1");
        assertThat(failure("topic", "starts", "offset", 0)).hasMessageContaining("name it in partitions");
        assertThat(failure("topic", "starts", "offset", -1, "partitions", List.of(0)))
                .hasMessageContaining("earliest or a number from 0");
        assertThat(failure("topic", "starts", "offset", "soon")).hasMessageContaining("'soon'");
        assertThat(failure("topic", "starts", "offset", "earliest", "fromTime", "2026-11-01T00:00:00Z"))
                .hasMessageContaining("not both");
        assertThat(failure("topic", "starts", "fromTime", "yesterday")).hasMessageContaining("'yesterday'");
        assertThat(failure("topic", "starts", "partitions", List.of(2)))
                .matches(e -> e.is(KafkaErrorCode.INVALID_PARTITIONS))
                .hasMessageContaining("0 to 1");
        assertThat(failure("topic", "startz")).hasMessageContaining("Did you mean 'starts'?");
        assertThat(failure("topic", "__consumer_offsets"))
                .matches(e -> e.is(KafkaErrorCode.NOT_ALLOWED))
                .hasMessageContaining("internal topic");
        assertThat(failure("topic", "starts", "cursor", "bm9wZQ")).hasMessageContaining("cursor");
        var cursor = cursor(get("topic", "starts", "offset", "earliest", "limit", 1, "partitions", List.of(0, 1)));
        assertThat(cursor).isEmpty();
    }

    @Test
    void timeRange_readsFromTheFirstRecordOfIt() throws Exception {
        topic(world, "times", 2);
        for (int i = 0; i < 10; i++) {
            write(world, record("times", i % 2, T0 + i * 1000, "k" + i, "v"));
        }

        assertThat(keys(get("topic", "times", "fromTime", "2026-11-01T00:00:03Z", "toTime", "2026-11-01T00:00:07Z")))
                .containsExactly("k3", "k4", "k5", "k6");
        assertThat(keys(get("topic", "times", "toTime", "2026-11-01T00:00:04Z", "limit", 2)))
                .containsExactly("k3", "k2");
        var none = get("topic", "times", "fromTime", "2026-12-01T00:00:00Z");
        assertThat(keys(none)).isEmpty();
        assertThat(none.path("complete").booleanValue()).isTrue();
    }

    @Test
    void conditions_selectRecords() throws Exception {
        topic(world, "conditions", 2);
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            var record = record(
                    "conditions",
                    i % 2,
                    "k" + i % 10,
                    "{\"id\":" + i + ",\"ok\":" + (i % 100 == 7) + ",\"lines\":[{\"sku\":\"a" + i
                            + "\"},{\"sku\":\"b\"}]," + "\"a.b\":{\"c\":1.50},\"none\":null}");
            record.headers().add("trace", utf8("t" + i)).add("trace", null).add("trace", utf8("u" + i));
            all.add(record);
        }
        Records.writeAll(world, all);

        assertThat(ids(get("topic", "conditions", "key", "k3", "limit", 3))).containsExactly(293, 283, 273);
        assertThat(ids(get("topic", "conditions", "headers", Map.of("trace", "u42"))))
                .containsExactly(42);
        assertThat(ids(get("topic", "conditions", "fields", Map.of("lines.sku", "a5"))))
                .containsExactly(5);
        assertThat(ids(get("topic", "conditions", "fields", Map.of("lines.0.sku", "a5"))))
                .containsExactly(5);
        assertThat(ids(get("topic", "conditions", "fields", Map.of("lines.1.sku", "a5"))))
                .isEmpty();
        assertThat(ids(get("topic", "conditions", "fields", Map.of("ok", true))))
                .containsExactly(207, 107, 7);
        assertThat(ids(get("topic", "conditions", "fields", Map.of("id", "7.0"))))
                .containsExactly(7);
        assertThat(ids(get("topic", "conditions", "fields", Map.of("a.b.c", 1.5, "id", 9))))
                .containsExactly(9);
        assertThat(ids(get("topic", "conditions", "fields", Map.of("id", 9, "ok", true))))
                .isEmpty();
        var none = get("topic", "conditions", "key", "absent");
        assertThat(none.path("complete").booleanValue()).isTrue();
        assertThat(none.path("recordsScanned").intValue()).isEqualTo(300);
        assertThat(ids(get("topic", "conditions", "key", "k3", "offset", "earliest", "limit", 2)))
                .containsExactly(3, 13);
    }

    @Test
    void contents_ofEveryKind() throws Exception {
        topic(world, "kinds", 1);
        var record = new ProducerRecord<>("kinds", 0, T0, (byte[]) null, utf8("plain \u00e9\ud83d\ude80"));
        record.headers()
                .add("h", utf8("1"))
                .add("h", null)
                .add("h", new byte[] {(byte) 0xff, 0})
                .add("empty", new byte[0]);
        write(
                world,
                record,
                record("kinds", 0, T0, "dead", null),
                record("kinds", 0, T0, "", ""),
                bytes(new byte[] {(byte) 0xc3, 0x28, 1, 2, 3}),
                bytes(ByteBuffer.allocate(4).putInt(42).array()),
                bytes(ByteBuffer.allocate(8).putDouble(2.5).array()),
                record("kinds", 0, T0, "{\"k\":1}", "[1,2.5,12345678901234567890]"),
                record("kinds", 0, T0, null, "{\"a\":1} trailing"),
                record("kinds", 0, T0, null, "{\"a\":1,\"a\":2}"),
                record("kinds", 0, T0, null, "{\"big\":1e999}"),
                record("kinds", 0, T0, null, "{\"half\":\"\\ud800\"}"),
                record("kinds", 0, T0, null, "[".repeat(100) + "]".repeat(100)),
                record("kinds", 0, T0, null, "[".repeat(5000) + "]".repeat(5000)),
                record("kinds", 0, T0, null, "x".repeat(3000)),
                record("kinds", 0, T0, null, "\u20ac".repeat(1000)),
                bytes(new byte[3000]));

        var rows = get("topic", "kinds", "offset", "earliest", "limit", 50).path("records");

        assertThat(rows.path(0))
                .isEqualTo(
                        json(
                                "{'partition':0,'offset':0,'timestamp':'2026-11-01T00:00:00Z',"
                                        + "'value':{'text':'plain \u00e9\ud83d\ude80'},'headers':[{'name':'h','value':{'text':'1'}},{'name':'h'},"
                                        + "{'name':'h','value':{'base64':'/wA=','integer':-256}},{'name':'empty','value':{'text':''}}]}"));
        assertThat(rows.path(1))
                .isEqualTo(json("{'partition':0,'offset':1,'timestamp':'2026-11-01T00:00:00Z',"
                        + "'key':{'text':'dead'},'tombstone':true}"));
        assertThat(rows.path(2).path("key")).isEqualTo(json("{'text':''}"));
        assertThat(rows.path(2).path("value")).isEqualTo(json("{'text':''}"));
        assertThat(rows.path(3).path("value")).isEqualTo(json("{'base64':'wygBAgM='}"));
        assertThat(rows.path(4).path("value")).isEqualTo(json("{'base64':'AAAAKg==','integer':42}"));
        assertThat(rows.path(5).path("value").path("decimal").doubleValue()).isEqualTo(2.5);
        assertThat(rows.path(6).path("key")).isEqualTo(json("{'json':{'k':1}}"));
        assertThat(rows.path(6).path("value").toString()).isEqualTo("{\"json\":[1,2.5,12345678901234567890]}");
        assertThat(rows.path(7).path("value").path("text").textValue()).isEqualTo("{\"a\":1} trailing");
        assertThat(rows.path(8).path("value").path("text").textValue()).isEqualTo("{\"a\":1,\"a\":2}");
        assertThat(rows.path(9).path("value").path("text").textValue()).isEqualTo("{\"big\":1e999}");
        assertThat(rows.path(10).path("value").path("text").textValue()).isEqualTo("{\"half\":\"\\ud800\"}");
        assertThat(rows.path(11).path("value").path("text").textValue()).hasSize(200);
        assertThat(rows.path(12).path("value").path("bytes").intValue()).isEqualTo(10_000);
        assertThat(rows.path(13).path("value").path("text").textValue()).isEqualTo("x".repeat(2000));
        assertThat(rows.path(13).path("value").path("bytes").intValue()).isEqualTo(3000);
        assertThat(rows.path(14).path("value").path("text").textValue()).isEqualTo("\u20ac".repeat(666));
        assertThat(rows.path(15).path("value").path("base64").textValue()).hasSize(2664);
        assertThat(rows.path(15).path("value").path("bytes").intValue()).isEqualTo(3000);
        assertThat(get("topic", "kinds", "key", "dead").path("records")).hasSize(1);
    }

    private static ProducerRecord<byte[], byte[]> bytes(byte[] value) {
        return new ProducerRecord<>("kinds", 0, T0, null, value);
    }

    @Test
    void recreatedTopic_isNoticed() throws Exception {
        topic(world, "recreated", 1);
        write(world, record("recreated", 0, null, "1"), record("recreated", 0, null, "2"));
        var page = get("topic", "recreated", "limit", 1);
        world.kafka.admin().deleteTopics(List.of("recreated")).all().get();
        await().until(() -> !world.kafka.admin().listTopics().names().get().contains("recreated"));
        topic(world, "recreated", 1);
        write(world, record("recreated", 0, null, "3"), record("recreated", 0, null, "4"));

        assertThat(failure("topic", "recreated", "limit", 1, "cursor", cursor(page)))
                .matches(e -> e.is(KafkaErrorCode.TOPIC_RECREATED))
                .hasMessageContaining("'recreated' was deleted and created again");
    }

    @Test
    void retentionBetweenPages_isReported() throws Exception {
        topic(world, "retained", 1);
        for (int i = 0; i < 10; i++) {
            write(world, record("retained", 0, null, "v" + i));
        }
        var forward = get("topic", "retained", "offset", "earliest", "limit", 2);
        var backward = get("topic", "retained", "limit", 7);
        world.kafka.deleteRecords("retained", 0, 5);

        var rest = get("topic", "retained", "offset", "earliest", "cursor", cursor(forward));
        assertThat(values(rest)).containsExactly("v5", "v6", "v7", "v8", "v9");
        assertThat(rest.path("warnings").toString()).contains("Offsets 2 to 4 of partition 0 were deleted");
        var older = get("topic", "retained", "limit", 7, "cursor", cursor(backward));
        assertThat(values(older)).isEmpty();
        assertThat(older.path("complete").booleanValue()).isTrue();
        assertThat(older.path("warnings").toString()).contains("before offset 3 of partition 0 were deleted");
        assertThat(get("topic", "retained", "offset", 1).path("warnings").toString())
                .contains("Offsets 1 to 4 of partition 0 were deleted");
    }

    @Test
    void partitionsAddedBetweenPages_areReadForward() throws Exception {
        topic(world, "grown", 1);
        write(world, record("grown", 0, null, "a"), record("grown", 0, null, "b"));
        var forward = get("topic", "grown", "offset", "earliest", "limit", 1);
        var backward = get("topic", "grown", "limit", 1);
        world.kafka
                .admin()
                .createPartitions(Map.of("grown", NewPartitions.increaseTo(2)))
                .all()
                .get();
        world.kafka.awaitTopic("grown");
        write(world, record("grown", 1, null, "c"));

        assertThat(values(get("topic", "grown", "offset", "earliest", "cursor", cursor(forward))))
                .containsExactly("b", "c");
        assertThat(values(get("topic", "grown", "cursor", cursor(backward)))).containsExactly("a");
    }

    @Test
    void cursor_belongsToItsCall() throws Exception {
        topic(world, "bound", 1);
        write(world, record("bound", 0, null, "a"), record("bound", 0, null, "b"));
        String cursor = cursor(get("topic", "bound", "limit", 1));

        assertThat(failure("topic", "bound", "cursor", cursor, "key", "k")).hasMessageContaining("another call");
        assertThat(failure("topic", "bound", "cursor", cursor, "offset", "earliest"))
                .hasMessageContaining("another call");
        try (var replica = new RecordsMCPServer(world.connection())) {
            replica.initialize();
            assertThat(values(Tools.call(replica, "get_records", Map.of("topic", "bound", "cursor", cursor))))
                    .containsExactly("a");
        }
    }

    @Test
    void answer_isLimitedInSize() throws Exception {
        topic(world, "wide", 2);
        for (int i = 0; i < 10; i++) {
            write(world, record("wide", i % 2, T0 + i, "k" + i, "x".repeat(90_000)));
        }
        List<String> keys = new ArrayList<>();
        JsonNode page = get("topic", "wide", "maxBytes", 100_000);
        assertThat(page.path("stoppedReason").textValue()).isEqualTo("answer_size");
        keys.addAll(keys(page));
        while (page.has("nextCursor")) {
            page = get("topic", "wide", "maxBytes", 100_000, "cursor", cursor(page));
            keys.addAll(keys(page));
        }
        assertThat(keys).containsExactly("k9", "k8", "k7", "k6", "k5", "k4", "k3", "k2", "k1", "k0");
    }

    @Test
    void emptyTopic_isComplete() throws Exception {
        topic(world, "empty", 2);
        for (var more : List.<Map<String, Object>>of(
                Map.of(), Map.of("offset", "earliest"), Map.of("perPartition", true), Map.of("key", "k"))) {
            Map<String, Object> arguments = new HashMap<>(more);
            arguments.put("topic", "empty");
            assertThat(world.call("get_records", arguments))
                    .isEqualTo(
                            json("{'records':[],'complete':true,'stoppedReason':'end','looked':[],'recordsScanned':0,"
                                    + "'bytesScanned':0}"));
        }
    }

    @Test
    void policy_limitsTopics() throws Exception {
        topic(world, "secret", 1);
        var options = KafkaOptions.builder()
                .policy(KafkaPolicy.builder().topics("open-*").build())
                .build();
        try (var server = new RecordsMCPServer(world.connection(), options)) {
            server.initialize();
            for (String tool : List.of("get_records", "tail_topic")) {
                assertThat(Tools.failure(server, tool, Map.of("topic", "secret")))
                        .matches(e -> e.is(KafkaErrorCode.NOT_ALLOWED));
            }
        }
    }

    private static JsonNode get(Object... arguments) {
        return world.call("get_records", map(arguments));
    }

    private static MCPToolError failure(Object... arguments) {
        return world.failure("get_records", map(arguments));
    }

    static Map<String, Object> map(Object... arguments) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            map.put((String) arguments[i], arguments[i + 1]);
        }
        return map;
    }

    static String cursor(JsonNode page) {
        return page.path("nextCursor").asText();
    }

    static List<String> keys(JsonNode page) {
        return StreamSupport.stream(page.path("records").spliterator(), false)
                .map(row -> row.path("key").path("text").asText())
                .toList();
    }

    private static List<String> values(JsonNode page) {
        return StreamSupport.stream(page.path("records").spliterator(), false)
                .map(row -> row.path("value").path("text").asText())
                .toList();
    }

    private static List<Integer> ids(JsonNode page) {
        return StreamSupport.stream(page.path("records").spliterator(), false)
                .map(row -> row.path("value").path("json").path("id").intValue())
                .toList();
    }
}
