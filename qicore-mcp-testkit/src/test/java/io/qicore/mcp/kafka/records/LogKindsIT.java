package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Records.record;
import static io.qicore.mcp.fixture.Records.topic;
import static io.qicore.mcp.fixture.Records.transaction;
import static io.qicore.mcp.fixture.Records.write;
import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Logs with transactions, compaction, timestamps of brokers and very large records. */
class LogKindsIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared(RecordsMCPServer::new);

    @Test
    void transactions_areReadCommitted_unlessAskedOtherwise() throws Exception {
        topic(world, "transactional", 1);
        transaction(world, "a", true, producer -> producer.send(record("transactional", 0, "c1", "v")));
        transaction(world, "b", false, producer -> producer.send(record("transactional", 0, "aborted", "v")));
        transaction(world, "c", true, producer -> producer.send(record("transactional", 0, "c2", "v")));
        transaction(world, "d", false, producer -> {
            for (int i = 0; i < 50; i++) {
                producer.send(record("transactional", 0, "aborted", "v"));
            }
        });

        var committed = get("topic", "transactional", "limit", 2);
        assertThat(GetRecordsIT.keys(committed)).containsExactly("c2", "c1");
        assertThat(GetRecordsIT.keys(get("topic", "transactional", "uncommitted", true, "limit", 60)))
                .contains("c2", "c1", "aborted")
                .hasSize(53);
        var all = get("topic", "transactional", "offset", "earliest");
        assertThat(GetRecordsIT.keys(all)).containsExactly("c1", "c2");
        assertThat(all.path("complete").booleanValue()).isTrue();
        assertThat(all.path("looked").path(0)).isEqualTo(json("{'partition':0,'from':0,'to':57,'start':0,'end':57}"));

        try (var open = Records.producer(world, Map.of("transactional.id", "open"))) {
            open.initTransactions();
            open.beginTransaction();
            open.send(record("transactional", 0, "open", "v")).get();
            write(world, record("transactional", 0, "after", "v"));

            var hidden = get("topic", "transactional", "limit", 1);
            assertThat(GetRecordsIT.keys(hidden)).containsExactly("c2");
            assertThat(hidden.path("warnings").toString()).contains("Open transactions hide", "partitions 0.");
            assertThat(GetRecordsIT.keys(get("topic", "transactional", "limit", 2, "uncommitted", true)))
                    .containsExactly("after", "open");
            assertThat(GetRecordsIT.keys(get("topic", "transactional", "offset", 58)))
                    .isEmpty();
            open.abortTransaction();
        }
    }

    @Test
    void compactedGaps_doNotHideTheLastRecords() throws Exception {
        world.kafka.createTopic(new NewTopic("compacted", 1, (short) 1)
                .configs(Map.of(
                        "cleanup.policy", "compact",
                        "segment.ms", "100",
                        "min.cleanable.dirty.ratio", "0.01",
                        "min.compaction.lag.ms", "0",
                        "delete.retention.ms", "0")));
        for (int i = 0; i < 5; i++) {
            write(world, record("compacted", 0, "old" + i, "v"));
        }
        try (var producer = Records.producer(world, Map.of())) {
            for (int i = 0; i < 2_000; i++) {
                producer.send(record("compacted", 0, "same", "v" + i));
            }
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            Thread.sleep(300);
            write(world, record("compacted", 0, "same", "again"));
            return get("topic", "compacted", "offset", "earliest", "limit", 500)
                            .path("recordsScanned")
                            .intValue()
                    < 500;
        });

        var last = get("topic", "compacted", "limit", 500);
        assertThat(GetRecordsIT.keys(last)).endsWith("old4", "old3", "old2", "old1", "old0");
        assertThat(last.path("complete").booleanValue()).isTrue();
    }

    @Test
    void logAppendTime_isMarked() throws Exception {
        world.kafka.createTopic(
                new NewTopic("appended", 1, (short) 1).configs(Map.of("message.timestamp.type", "LogAppendTime")));
        write(world, record("appended", 0, 1, null, "v"));

        var row = get("topic", "appended").path("records").path(0);
        assertThat(row.path("logAppendTime").booleanValue()).isTrue();
        assertThat(Instant.parse(row.path("timestamp").textValue())).isAfter(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void largeRecords_areCut_andEveryCallGetsFurther() throws Exception {
        world.kafka.createTopic(new NewTopic("large", 1, (short) 1).configs(Map.of("max.message.bytes", "20000000")));
        for (int i = 0; i < 8; i++) {
            write(world, record("large", 0, "k" + i, "{\"id\":" + i + ",\"x\":\"" + "y".repeat(10_000_000) + "\"}"));
        }

        List<String> keys = new ArrayList<>();
        JsonNode page = get("topic", "large", "limit", 8);
        keys.addAll(GetRecordsIT.keys(page));
        assertThat(page.path("stoppedReason").textValue()).isEqualTo("bytes");
        assertThat(page.path("records").path(0).path("value").path("bytes").intValue())
                .isEqualTo(10_000_015);
        while (page.has("nextCursor")) {
            page = get("topic", "large", "limit", 8, "cursor", GetRecordsIT.cursor(page));
            assertThat(page.path("records")).isNotEmpty();
            keys.addAll(GetRecordsIT.keys(page));
        }
        assertThat(keys).containsExactly("k7", "k6", "k5", "k4", "k3", "k2", "k1", "k0");
        assertThat(get("topic", "large", "fields", Map.of("id", 7), "offset", 7)
                        .path("untested")
                        .intValue())
                .isEqualTo(1);
    }

    private static JsonNode get(Object... arguments) {
        return world.call("get_records", GetRecordsIT.map(arguments));
    }
}
