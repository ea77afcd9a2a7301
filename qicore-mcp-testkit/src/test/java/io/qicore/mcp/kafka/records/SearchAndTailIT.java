package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Records.record;
import static io.qicore.mcp.fixture.Records.topic;
import static io.qicore.mcp.fixture.Records.utf8;
import static io.qicore.mcp.fixture.Records.write;
import static io.qicore.mcp.kafka.records.GetRecordsIT.cursor;
import static io.qicore.mcp.kafka.records.GetRecordsIT.keys;
import static io.qicore.mcp.kafka.records.GetRecordsIT.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Records;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SearchAndTailIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared(RecordsMCPServer::new);

    @Test
    void search_findsTextAnywhere_newestFirst() throws Exception {
        topic(world, "haystack", 3);
        try (var producer = Records.producer(world, Map.of())) {
            for (int i = 0; i < 5_000; i++) {
                producer.send(
                        record("haystack", i % 3, 1_000_000L + i, "k" + i, "{\"message\":\"nothing " + i + "\"}"));
            }
        }
        var inHeader = record("haystack", 1, 2_000_000L, "header", "v");
        inHeader.headers().add("h", utf8("the needle here"));
        write(
                world,
                record("haystack", 0, 2_000_001L, "value", "a needle \u00e9"),
                inHeader,
                record("haystack", 2, 2_000_002L, "needle", null),
                record("haystack", 2, 2_000_003L, "large", "x".repeat(900_000) + "needle"));

        var found = world.call("search_records", Map.of("topic", "haystack", "text", "needle"));
        assertThat(keys(found)).containsExactly("large", "needle", "value", "header");
        assertThat(found.path("complete").booleanValue()).isTrue();
        assertThat(found.path("recordsScanned").intValue()).isEqualTo(5_004);
        var first = world.call("search_records", Map.of("topic", "haystack", "text", "nothing 1", "limit", 3));
        assertThat(keys(first)).containsExactly("k1999", "k1998", "k1997");
        var forward = world.call(
                "search_records",
                Map.of("topic", "haystack", "fields", Map.of("message", "nothing 77"), "offset", "earliest"));
        assertThat(keys(forward)).containsExactly("k77");
        assertThat(world.failure("search_records", Map.of("topic", "haystack"))).hasMessageContaining("text or fields");
    }

    @Test
    void search_endsAtItsCaps_andGoesOnWithoutGapOrRepeat() throws Exception {
        topic(world, "capped", 2);
        try (var producer = Records.producer(world, Map.of())) {
            for (int i = 0; i < 4_000; i++) {
                producer.send(record("capped", i % 2, "k" + i, "x".repeat(1_000) + (i % 100 == 0 ? "hit" : "")));
            }
        }
        for (Map<String, Object> direction : List.<Map<String, Object>>of(Map.of(), Map.of("offset", "earliest"))) {
            List<String> keys = new ArrayList<>();
            var arguments = map("topic", "capped", "text", "hit", "limit", 7, "maxMegabytes", 1);
            arguments.putAll(direction);
            JsonNode page;
            int pages = 0;
            do {
                page = world.call("search_records", arguments);
                keys.addAll(keys(page));
                arguments.put("cursor", cursor(page));
                assertThat(page.path("bytesScanned").longValue()).isLessThan(1_200_000);
                assertThat(++pages).isLessThan(40);
            } while (page.has("nextCursor"));
            assertThat(keys).hasSize(40).doesNotHaveDuplicates();
            assertThat(pages).isGreaterThan(5);
        }
    }

    @Test
    void tail_returnsWhatArrives_andLosesNothingBetweenCalls() throws Exception {
        topic(world, "tailed", 2);
        write(world, record("tailed", 0, "before", "v"));
        var first = CompletableFuture.supplyAsync(
                () -> world.call("tail_topic", Map.of("topic", "tailed", "limit", 2, "seconds", 8)));
        Thread.sleep(2_000);
        write(world, record("tailed", 0, "a", "v"), record("tailed", 1, "b", "v"), record("tailed", 1, "c", "v"));

        JsonNode page = first.get(10, TimeUnit.SECONDS);
        assertThat(keys(page)).containsExactly("a", "b");
        assertThat(page.path("stoppedReason").textValue()).isEqualTo("limit");
        write(world, record("tailed", 0, "d", "v"));
        long start = System.nanoTime();
        var second = world.call("tail_topic", Map.of("topic", "tailed", "limit", 2, "cursor", cursor(page)));
        assertThat(keys(second)).containsExactlyInAnyOrder("c", "d");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        var third = world.call("tail_topic", Map.of("topic", "tailed", "seconds", 1, "cursor", cursor(second)));
        assertThat(keys(third)).isEmpty();
        assertThat(third.path("stoppedReason").textValue()).isEqualTo("time");
        assertThat(third.has("nextCursor")).isTrue();
    }
}
