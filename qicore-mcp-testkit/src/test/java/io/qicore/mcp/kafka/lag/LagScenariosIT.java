package io.qicore.mcp.kafka.lag;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.KafkaMCPServer;
import io.qicore.mcp.tool.MCPTool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Groups in many states at once: what {@code explain_lag} finds, what it must not find, and whether {@code get_consumer_lag}
 * agrees with Kafka's own commands.
 */
@ResourceLock(Resources.SYSTEM_OUT)
class LagScenariosIT {

    private static final int AT_ONCE = 16;
    private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(11);

    /** The scenarios that LagOutagesIT runs. */
    private static final Set<String> ELSEWHERE = Set.of(
            "deleted-topic",
            "hanging",
            "leaderless",
            "offline",
            "unowned-transaction",
            "hidden-transaction",
            "coordinator-down",
            "quorum-lost",
            "forbidden-topic");

    @TempDir
    private static Path folder;

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.alone(GroupStates.cluster());

    @AutoClose
    private static GroupStates states;

    private static final Map<String, JsonNode> reports = new ConcurrentHashMap<>();

    private static final Map<String, JsonNode> lags = new ConcurrentHashMap<>();

    private static final KafkaCommands commands =
            new KafkaCommands(world.kafka.cluster().bootstrapServers());

    /** What kafka-consumer-groups says about all groups, by group. */
    private static final Map<String, Map<String, String>> commandSays = new HashMap<>();

    @BeforeAll
    static void explainAll() throws Exception {
        states = new GroupStates(world.kafka, folder);
        states.prepare();
        Map<Boolean, List<LagScenario>> bySampled = here().collect(Collectors.partitioningBy(LagScenario::sampled));
        List<LagScenario> sampled = bySampled.get(true);
        each(sampled, Map.of());
        long next = System.nanoTime() + BETWEEN_SAMPLES.toNanos();
        each(bySampled.get(false), Map.of());
        commandSays.putAll(commands.consumerGroups());
        Map<String, String> samples = new HashMap<>();
        sampled.forEach(one ->
                samples.put(one.group(), reports.get(one.group()).path("sample").textValue()));
        Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())).toMillis());
        each(sampled, samples);
    }

    private static void each(List<LagScenario> scenarios, Map<String, String> samples) throws Exception {
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            var calls = scenarios.stream()
                    .map(one -> threads.submit(() -> {
                        Map<String, Object> arguments = new HashMap<>(Map.of("groupId", one.group()));
                        if (samples.containsKey(one.group())) {
                            arguments.put("sample", samples.get(one.group()));
                        }
                        reports.put(one.group(), world.call("explain_lag", arguments));
                        lags.put(
                                one.group(),
                                world.call("get_consumer_lag", Map.of("groupId", one.group(), "details", true))
                                        .path("groups")
                                        .path(0));
                    }))
                    .toList();
            for (var call : calls) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    static Stream<LagScenario> here() {
        return LagScenario.all().values().stream().filter(one -> !ELSEWHERE.contains(one.group()));
    }

    @ParameterizedTest
    @MethodSource("here")
    void explanation_findsExactlyTheCauses(LagScenario scenario) {
        JsonNode report = reports.get(scenario.group());
        Set<String> found = new TreeSet<>(report.path("findings").findValuesAsText("cause"));

        assertThat(found).as("%s", report).isEqualTo(new TreeSet<>(scenario.causes()));
        assertThat(found).doesNotContainAnyElementsOf(scenario.near());
        List<Long> explained = new ArrayList<>();
        report.path("findings").forEach(finding -> {
            explained.add(finding.path("explains").longValue());
            assertThat(finding.path("detail").textValue()).isNotBlank();
        });
        assertThat(explained).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @ParameterizedTest
    @MethodSource("here")
    void lag_isThatOfKafkasCommands_whereTheyTellTheTruth(LagScenario scenario) {
        JsonNode answer = lags.get(scenario.group());
        switch (scenario.judge()) {
            case CONSUMER_GROUPS ->
                assertThat(rows(answer, true)).isEqualTo(commandSays.getOrDefault(scenario.group(), Map.of()));
            case SHARE_GROUPS -> assertThat(rows(answer, false)).isEqualTo(commands.shareGroup(scenario.group()));
            case STREAMS_GROUPS -> {
                Map<String, String> ours = rows(answer, false);
                Map<String, String> theirs = commands.streamsGroup(scenario.group());
                assertThat(ours.keySet()).isEqualTo(theirs.keySet());
                // The command takes the whole log as the lag where nothing is committed.
                ours.values().removeIf("-"::equals);
                theirs.keySet().retainAll(ours.keySet());
                assertThat(ours).isEqualTo(theirs);
            }
            case COMMAND_IS_SILENT -> {
                assertThat(commands.streamsGroup(scenario.group())).isEmpty();
                assertThat(rows(answer, false))
                        .isEqualTo(Map.of(
                                scenario.group() + ":0", String.valueOf(ShareAndStreamsGroups.WRITTEN_AFTERWARDS)));
            }
            case MOVES -> assertThat(answer.path("lag").longValue()).isPositive();
            case NEGATIVE -> {
                assertThat(answer.path("lag").longValue()).isZero();
                assertThat(answer.path("partitions").path(0).path("reason").textValue())
                        .isEqualTo("AHEAD_OF_END");
                assertThat(commandSays.get(scenario.group()).values()).allMatch(row -> row.contains(" -"));
            }
            case COMMAND_FAILS -> throw new IllegalStateException(scenario + " is in LagOutagesIT");
        }
    }

    @Test
    void healthyExactlyOnceProducer_isNeverCalledHanging() {
        var threads = Executors.newScheduledThreadPool(10);
        try {
            // At different moments of its transactions, of which each takes a quarter of a second.
            var calls = IntStream.range(0, 10)
                    .mapToObj(call -> threads.schedule(
                            () -> world.call("explain_lag", Map.of("groupId", "exactly-once")),
                            call * 110,
                            TimeUnit.MILLISECONDS))
                    .toList();
            assertThat(calls)
                    .allSatisfy(call -> assertThat(call.get().path("findings").findValuesAsText("cause"))
                            .as("%s", call.get())
                            .doesNotContain("HANGING_TRANSACTION", "OPEN_TRANSACTION"));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void groupsThatReadWithoutACommit_areInEveryView() {
        var byGroup = world.call("get_consumer_lag", Map.of("groupId", "partly-live"));
        assertThat(byGroup.path("lag").longValue()).isZero();
        assertThat(byGroup.path("groups").path(0).path("unknownPartitions").intValue())
                .isOne();
        assertThat(byGroup.path("warnings").path(0).textValue()).contains("'partly-live' (up to 1000)", "explain_lag");

        var byTopic = world.call("get_consumer_lag", Map.of("topic", "never-consumer"));
        assertThat(byTopic.path("groups").path(0).path("groupId").textValue()).isEqualTo("never-consumer");
        assertThat(byTopic.path("warnings").path(0).textValue()).contains("(up to 30)");

        var found = world.call("find_lagging_groups", Map.of("minLag", 0, "top", 1000));
        assertThat(found.path("groups").findValuesAsText("groupId"))
                .contains("never-classic", "never-consumer", "partly-live");
        assertThat(found.path("warnings").toString())
                .contains("'partly-live' (up to 1000)", "beyond the end of the log", "'beyond-end', 'recreated'");
        assertThat(world.call("get_consumer_lag", Map.of("groupId", "recreated"))
                        .path("warnings")
                        .toString())
                .contains("beyond the end of the log", "unknown");
        // The default leaves out groups with a known lag of 0, but not the warning about them.
        assertThat(world.call("find_lagging_groups", Map.of()).path("warnings").toString())
                .contains("'partly-live' (up to 1000)");
    }

    @Test
    void groupsWhoseOffsetsMove_areNotAbandoned_andThoseThatNeverHadMembersAreInDoubt() {
        Map<String, JsonNode> groups = new HashMap<>();
        world.call("list_abandoned_offsets", Map.of("limit", 1000))
                .path("groups")
                .forEach(group -> groups.put(group.path("groupId").textValue(), group));

        assertThat(groups).doesNotContainKeys("assign-running", "classic-behind", "never-classic");
        assertThat(groups.get("classic-stopped").has("unused")).isTrue();
        assertThat(groups.get("assign-silent").has("unused")).isFalse();
        assertThat(groups.get("assign-silent")
                        .path("doubtful")
                        .path("assign-silent")
                        .textValue())
                .isEqualTo("0");
    }

    @Test
    void resetOfAGroupThatNeverHadMembers_saysThatItMayBeOverwritten() {
        Map<String, Object> reset = new HashMap<>(
                Map.of("groupId", "assign-running", "topic", "assign-running", "offset", "earliest", "dryRun", true));
        assertThat(world.call("reset_consumer_offset", reset)
                        .path("warnings")
                        .path(0)
                        .textValue())
                .contains("moved within 1 s", "next commit overwrites it");
        for (String group : List.of("assign-running", "assign-later")) {
            assertThat(world.call("delete_consumer_group", Map.of("groupId", group, "dryRun", true))
                            .path("warnings")
                            .path(0)
                            .textValue())
                    .contains("moved within 1 s");
        }

        reset.putAll(Map.of("groupId", "assign-silent", "topic", "assign-silent", "dryRun", false));
        var done = world.call("reset_consumer_offset", reset);
        assertThat(done.path("success").booleanValue()).isTrue();
        assertThat(done.path("warnings").path(0).textValue())
                .contains("never had members", "Kafka does not show whether such a consumer runs");
    }

    @Test
    void everyCause_hasAScenario_andTwoThatItCouldBeMistakenFor() {
        MCPTool tool = ((KafkaMCPServer) world.server).tool("explain_lag");
        Set<String> causes = new TreeSet<>();
        tool.outputSchema().findValue("cause").path("enum").forEach(cause -> causes.add(cause.textValue()));
        Map<String, Integer> mistaken = new TreeMap<>();
        Set<String> found = new TreeSet<>();
        LagScenario.all().values().forEach(scenario -> {
            found.addAll(scenario.causes());
            scenario.near().forEach(cause -> mistaken.merge(cause, 1, Integer::sum));
        });

        assertThat(causes).hasSizeGreaterThan(20).isEqualTo(found);
        causes.forEach(
                cause -> assertThat(mistaken.getOrDefault(cause, 0)).as(cause).isGreaterThanOrEqualTo(2));
        assertThat(LagScenario.all()).hasSizeGreaterThanOrEqualTo(37);
    }

    private static Map<String, String> rows(JsonNode group, boolean offsets) {
        Map<String, String> rows = new TreeMap<>();
        for (JsonNode row : group.path("partitions")) {
            String lag = text(row.path("lag"));
            rows.put(
                    row.path("topic").textValue() + ":" + row.path("partition"),
                    offsets ? text(row.path("committedOffset")) + " " + text(row.path("endOffset")) + " " + lag : lag);
        }
        return rows;
    }

    private static String text(JsonNode number) {
        return number.isMissingNode() ? "-" : number.toString();
    }
}
