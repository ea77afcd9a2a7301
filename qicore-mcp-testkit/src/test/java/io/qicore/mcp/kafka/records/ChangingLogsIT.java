package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Records.record;
import static io.qicore.mcp.fixture.Records.write;
import static io.qicore.mcp.kafka.records.GetRecordsIT.keys;
import static io.qicore.mcp.kafka.records.GetRecordsIT.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Records;
import io.qicore.mcp.fixture.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Records are read while producers write them and retention deletes them. */
class ChangingLogsIT {

    private static final Pattern DELETED =
            Pattern.compile("Offsets (\\d+) to (\\d+) of partition (\\d+) were deleted before they could be read.");

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared(RecordsMCPServer::new);

    @Test
    void recordsThatAreDeletedDuringACall_areReported() throws Exception {
        world.kafka.createTopic("vanishing", 1);
        write(world, record("vanishing", 0, "before", "v"));
        try (var open = Records.producer(world, Map.of("transactional.id", "vanishing"));
                MCPClient client = MCPClient.inProcess(world.server)) {
            open.initTransactions();
            var tail = CompletableFuture.supplyAsync(
                    () -> client.call("tail_topic", Map.of("topic", "vanishing", "limit", 1, "seconds", 9)));
            Thread.sleep(1_500);
            // The call waits before the open transaction, all of which is deleted.
            open.beginTransaction();
            for (int i = 0; i < 20; i++) {
                open.send(record("vanishing", 0, "deleted", "v"));
            }
            open.flush();
            world.kafka.deleteRecords("vanishing", 0, 21);
            open.commitTransaction();
            write(world, record("vanishing", 0, "after", "v"));

            JsonNode page = tail.get(20, TimeUnit.SECONDS);

            assertThat(keys(page)).containsExactly("after");
            assertThat(page.path("warnings").toString())
                    .contains("20 offsets of partition 0 were deleted while they were read.");
            assertThat(page.path("looked").path(0).path("from").intValue()).isEqualTo(1);
        }
    }

    @Test
    void cursorBehindTheEnd_isReported() throws Exception {
        world.kafka.createTopic("shorter", 1);
        write(world, record("shorter", 0, "a", "v"), record("shorter", 0, "b", "v"));
        JsonNode page = world.call("get_records", Map.of("topic", "shorter", "offset", "earliest", "limit", 1));
        // As after the election of a leader that does not have the last records.
        String cursor = new String(Base64.getUrlDecoder().decode(GetRecordsIT.cursor(page)));
        String behind = Base64.getUrlEncoder()
                .encodeToString(cursor.replace("0:1", "0:9").getBytes());

        for (String tool : List.of("get_records", "tail_topic")) {
            var arguments = map("topic", "shorter", "cursor", behind);
            if (tool.equals("get_records")) {
                arguments.put("offset", "earliest");
                assertThat(world.call(tool, arguments).path("warnings").toString())
                        .contains("has become shorter than offset 9");
            } else {
                assertThat(world.failure(tool, arguments)).hasMessageContaining("another call");
            }
        }
        JsonNode tail = world.call("tail_topic", Map.of("topic", "shorter", "seconds", 1));
        String beyond = Base64.getUrlEncoder()
                .encodeToString(new String(Base64.getUrlDecoder().decode(GetRecordsIT.cursor(tail)))
                        .replace("0:2", "0:9")
                        .getBytes());
        assertThat(world.call("tail_topic", Map.of("topic", "shorter", "seconds", 2, "cursor", beyond))
                        .path("warnings")
                        .toString())
                .contains("has become shorter than offset 9");
    }

    /** Each record is on exactly one page of two replicas, or among the offsets that the pages name as deleted. */
    @Test
    void pages_haveNoGapOrRepeat_whileProducersWriteAndRetentionDeletes() throws Exception {
        world.kafka.createTopic("busy", 3);
        List<AtomicInteger> written = List.of(new AtomicInteger(), new AtomicInteger(), new AtomicInteger());
        AtomicInteger running = new AtomicInteger(1);
        var producing = CompletableFuture.runAsync(() -> {
            try (var producer = Records.producer(world, Map.of())) {
                for (int i = 0; running.get() > 0 && i < 30_000; i++) {
                    producer.send(record("busy", i % 3, "k", "v"));
                    written.get(i % 3).incrementAndGet();
                    if (i % 60 == 0) {
                        producer.flush();
                        Thread.sleep(1);
                    }
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> written.get(2).get() > 300);
        List<String> accounted = new ArrayList<>();
        int deletions = 0;
        var arguments = map("topic", "busy", "offset", "earliest", "limit", 90);
        try (var replica = new RecordsMCPServer(world.connection())) {
            replica.initialize();
            for (int page = 0; page < 200; page++) {
                if (page == 20) {
                    running.set(0);
                    producing.get(30, TimeUnit.SECONDS);
                }
                if (page % 5 == 3 && page < 20) {
                    // A part of what has not been read yet.
                    world.kafka.deleteRecords(
                            "busy", page % 3, next(arguments.get("cursor").toString(), page % 3) + 7);
                    deletions++;
                }
                JsonNode answer = page % 2 == 0
                        ? world.call("get_records", arguments)
                        : Tools.call(replica, "get_records", arguments);
                for (JsonNode row : answer.path("records")) {
                    accounted.add(row.path("partition") + ":" + row.path("offset"));
                }
                Matcher deleted = DELETED.matcher(answer.path("warnings").toString());
                while (deleted.find()) {
                    for (long i = Long.parseLong(deleted.group(1)); i <= Long.parseLong(deleted.group(2)); i++) {
                        accounted.add(deleted.group(3) + ":" + i);
                    }
                }
                if (!answer.has("nextCursor") && page > 20) {
                    break;
                }
                if (answer.has("nextCursor")) {
                    arguments.put("cursor", GetRecordsIT.cursor(answer));
                }
                arguments.put("limit", page > 20 ? 500 : 90);
            }
        }
        assertThat(deletions).isEqualTo(4);
        List<String> expected = new ArrayList<>();
        for (int partition = 0; partition < 3; partition++) {
            for (int offset = 0; offset < written.get(partition).get(); offset++) {
                expected.add(partition + ":" + offset);
            }
        }
        assertThat(accounted).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    }

    private static long next(String cursor, int partition) {
        Matcher offset = Pattern.compile("[\",]" + partition + ":(\\d+)")
                .matcher(new String(Base64.getUrlDecoder().decode(cursor)));
        assertThat(offset.find()).isTrue();
        return Long.parseLong(offset.group(1));
    }

    @Test
    void newestRecords_arePagedBackward_whileRetentionDeletes() throws Exception {
        world.kafka.createTopic("shrinking", 1);
        Records.writeAll(
                world,
                java.util.stream.IntStream.range(0, 100)
                        .mapToObj(i -> record("shrinking", 0, "k" + i, "v"))
                        .toList());
        List<String> seen = new ArrayList<>();
        var arguments = map("topic", "shrinking", "limit", 10);
        JsonNode page;
        int pages = 0;
        do {
            page = world.call("get_records", arguments);
            seen.addAll(keys(page));
            arguments.put("cursor", GetRecordsIT.cursor(page));
            world.kafka.deleteRecords("shrinking", 0, 10 * ++pages);
        } while (page.has("nextCursor"));

        assertThat(seen)
                .hasSizeBetween(50, 60)
                .doesNotHaveDuplicates()
                .startsWith("k99")
                .contains("k50");
        assertThat(page.path("complete").booleanValue()).isTrue();
        assertThat(Duration.ofSeconds(pages)).isLessThan(Duration.ofSeconds(8));
    }
}
