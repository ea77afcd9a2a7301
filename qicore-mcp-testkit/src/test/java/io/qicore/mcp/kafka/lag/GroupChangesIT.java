package io.qicore.mcp.kafka.lag;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.tool.MCPToolError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.GroupListing;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of groups of every kind and state: a preview succeeds where the change does, and tells what it does. */
class GroupChangesIT {

    @TempDir
    private static Path folder;

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.alone(GroupStates.cluster());

    @AutoClose
    private static GroupStates states;

    private static List<String> groups;

    @BeforeAll
    static void prepare() throws Exception {
        states = new GroupStates(world.kafka, folder);
        states.prepareKinds();
        groups = world.kafka.admin().listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .sorted()
                .toList();
    }

    /** The changes in the order in which one leaves something to the next one. */
    private static Stream<Map<String, Object>> changes(String group) {
        return Stream.of(
                Map.of("tool", "reset_consumer_offset", "offset", "current"),
                Map.of("tool", "reset_consumer_offset", "topic", group, "offset", "earliest"),
                Map.of("tool", "reset_consumer_offset", "topic", group, "partition", 0, "offset", 1),
                Map.of("tool", "reset_consumer_offset", "topic", group, "shiftBy", 1),
                Map.of("tool", "reset_consumer_offset", "topic", group, "duration", "P1D"),
                Map.of("tool", "reset_consumer_offset", "offsets", Map.of(group + ":0", 2)),
                Map.of("tool", "reset_consumer_offset", "topic", group, "partition", 7, "offset", "latest"),
                Map.of("tool", "reset_consumer_offset", "topic", group, "offset", 1_000_000),
                Map.of("tool", "reset_consumer_offset", "topic", group, "offset", "latest"),
                Map.of("tool", "delete_consumer_offsets", "topic", group, "partitions", List.of(0)),
                Map.of("tool", "delete_consumer_offsets", "topic", group),
                Map.of("tool", "delete_consumer_offsets", "topic", "unsubscribed-old"),
                Map.of("tool", "delete_consumer_group"));
    }

    @Test
    void preview_failsWhereTheChangeWould_andElseTellsWhatItDoes() {
        assertThat(groups).hasSizeGreaterThanOrEqualTo(28);
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        // One for each group: a preview takes a second, in which it watches the offsets of the group.
        var threads = Executors.newFixedThreadPool(groups.size());
        try {
            CompletableFuture.allOf(groups.stream()
                            .map(group -> CompletableFuture.runAsync(() -> change(group, wrong, outcomes), threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } finally {
            threads.shutdownNow();
        }

        assertThat(wrong).isEmpty();
        assertThat(outcomes).containsKeys("done", "GROUP_ACTIVE", "INVALID_OFFSET", "INVALID_PARTITIONS");
        assertThat(outcomes.get("done")).isGreaterThan(60);
    }

    private static void change(String group, List<String> wrong, Map<String, Integer> outcomes) {
        changes(group).forEach(change -> {
            Outcome preview = Outcome.of(group, change, true);
            Outcome done = Outcome.of(group, change, false);
            outcomes.merge(done.code(), 1, Integer::sum);
            String fault = fault(preview, done);
            if (fault != null) {
                wrong.add(group + " " + change + ": " + fault);
            }
        });
    }

    private static @Nullable String fault(Outcome preview, Outcome done) {
        if (preview.error() != null || done.error() != null) {
            if (!preview.code().equals(done.code())) {
                return "previewed as " + preview + " and was " + done;
            }
            boolean internal = List.of("INTERNAL_ERROR", "BROKER_UNAVAILABLE", "EXTERNAL_SERVICE_ERROR")
                    .contains(done.code());
            return internal ? done.toString() : null;
        }
        Map<String, JsonNode> planned = facts(preview.answer());
        Map<String, JsonNode> made = facts(done.answer());
        return planned.equals(made) ? null : "planned " + planned + " and made " + made;
    }

    /** Returns what both a preview and a change tell. */
    private static Map<String, JsonNode> facts(JsonNode answer) {
        Map<String, JsonNode> facts = new LinkedHashMap<>();
        for (String name : List.of(
                "changes",
                "newOffset",
                "previousOffset",
                "skipped",
                "replayed",
                "partitionCount",
                "offsets",
                "created")) {
            facts.put(name, answer.path(name));
        }
        return facts;
    }

    private record Outcome(
            @Nullable JsonNode answer, @Nullable MCPToolError error) {

        String code() {
            return error == null ? "done" : error.code();
        }

        static Outcome of(String group, Map<String, Object> change, boolean dryRun) {
            Map<String, Object> arguments = new HashMap<>(change);
            String tool = (String) arguments.remove("tool");
            arguments.put("groupId", group);
            arguments.put("dryRun", dryRun);
            try {
                return new Outcome(dryRun ? world.call(tool, arguments) : world.confirmed(tool, arguments), null);
            } catch (MCPToolError e) {
                return new Outcome(null, e);
            }
        }
    }
}
