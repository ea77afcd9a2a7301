package io.qicore.mcp.kafka.producer;

import static io.qicore.mcp.fixture.Tools.call;
import static io.qicore.mcp.fixture.Tools.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.producer.runtime.ProducerRuntime;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.MCPToolError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What agents may expect of producers, whatever runs them. Each runtime has a subclass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class ProducerRuntimeContract {

    static final ObjectMapper JSON = new ObjectMapper();
    private static final int LINES = 100_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    KafkaWorld world;
    StreamingProducerMCPServer producers;
    StreamingProducerMCPServer replica;
    private String topic = "";

    /** Returns a runtime for replicas of the server. Files of {@link #folder} may be replayed; three producers may run. */
    abstract ProducerRuntime runtime() throws Exception;

    abstract void closeRuntimes() throws Exception;

    @BeforeAll
    void startWorld() throws Exception {
        world = KafkaWorld.alone(EmbeddedKafka.start());
        List<String> lines = new ArrayList<>();
        for (int n = 1; n <= LINES; n++) {
            lines.add("{\"sensor\":\"s" + n % 5 + "\",\"n\":" + n + "}");
        }
        Files.write(folder.resolve("numbers.jsonl"), lines);
        Files.write(folder.resolve("few.jsonl"), lines.subList(0, 20));
        Files.write(folder.resolve("broken.jsonl"), List.of(lines.get(0), lines.get(1), "{\"sensor\":"));
        producers = new StreamingProducerMCPServer(runtime(), KafkaOptions.defaults());
        replica = new StreamingProducerMCPServer(runtime(), KafkaOptions.defaults());
        producers.initialize();
        replica.initialize();
    }

    @AfterAll
    void stopWorld() throws Exception {
        producers.close();
        replica.close();
        closeRuntimes();
        world.close();
    }

    @BeforeEach
    void newTopic() {
        topic = "t" + UUID.randomUUID();
        world.kafka.createTopic(topic, 3);
    }

    @AfterEach
    void stopProducers() {
        for (JsonNode producer : list()) {
            if (!List.of("stopped", "completed", "failed")
                    .contains(producer.path("status").asText())) {
                stop(producer.path("sourceId").asText());
            }
        }
    }

    @Test
    void start_runs_isIdempotent_andRefusesAnotherConfig() {
        String id = id();
        JsonNode started = start(id, numbers(50));
        assertThat(started.path("success").booleanValue()).isTrue();
        assertThat(started.path("sourceId").textValue()).isEqualTo(id);
        assertThat(started.path("status").textValue()).isEqualTo("running");
        assertThat(started.path("topic").textValue()).isEqualTo(topic);

        assertThat(call(replica, "start_producer", Map.of("sourceId", id, "config", numbers(50))))
                .isEqualTo(started);
        MCPToolError other = failure(replica, "start_producer", Map.of("sourceId", id, "config", numbers(51)));
        assertThat(other.is(KafkaErrorCode.PRODUCER_EXISTS)).isTrue();
        assertThat(other.getMessage()).contains("rate");
        await().atMost(PATIENCE).until(() -> content().size() > 10);

        stop(id);
        assertComplete(position(id));
    }

    @Test
    void unknownProducer_isNamedWithTheKnownOnes() {
        String id = id();
        start(id, numbers(5));
        for (String tool : List.of("stop_producer", "pause_producer", "resume_producer")) {
            MCPToolError error = failure(producers, tool, Map.of("sourceId", id + "x"));
            assertThat(error.is(KafkaErrorCode.PRODUCER_NOT_FOUND)).isTrue();
            assertThat(error.getMessage()).contains("Known:", id);
        }
        stop(id);
    }

    @Test
    void pause_keepsThePlace_andResumeGoesOn() throws Exception {
        String id = id();
        start(id, numbers(200));
        await().atMost(PATIENCE).until(() -> content().size() > 20);
        assertThat(command("pause_producer", id)).isEqualTo("paused");
        assertThat(state(id)).isEqualTo("paused");
        assertThat(command("pause_producer", id)).isEqualTo("paused");
        Thread.sleep(500);
        int paused = content().size();
        Thread.sleep(1_000);
        assertThat(content()).hasSize(paused);

        assertThat(command("resume_producer", id)).isEqualTo("running");
        await().atMost(PATIENCE).until(() -> content().size() > paused + 20);
        stop(id);
        assertComplete(position(id));
    }

    @Test
    void startOfAPausedOne_resumesIt() {
        String id = id();
        start(id, numbers(50));
        command("pause_producer", id);
        start(id, numbers(50));
        assertThat(state(id)).isEqualTo("running");
        stop(id);
    }

    @Test
    void stop_writesAll_andResumeGoesOnWithoutLossOrRepetition_onAnyReplica() {
        String id = id();
        start(id, numbers(300));
        await().atMost(PATIENCE).until(() -> content().size() > 100);

        JsonNode stopped = call(replica, "stop_producer", Map.of("sourceId", id));
        assertThat(stopped.path("status").textValue()).isEqualTo("stopped");
        long line = stopped.path("position").path("line").longValue();
        assertThat(line).isGreaterThan(100);
        assertThat(stopped.path("metrics").path("recordsSent").longValue()).isEqualTo(line);
        assertThat(content()).hasSize((int) line);
        assertThat(stop(id).path("status").textValue()).isEqualTo("stopped");

        assertThat(command("resume_producer", id)).isEqualTo("running");
        await().atMost(PATIENCE).until(() -> content().size() > line + 100);
        stop(id);
        assertThat(assertComplete(position(id))).isZero();
    }

    @Test
    void startOfAStoppedOne_beginsAnew_orAtThePositionOfTheConfig() {
        String id = id();
        start(id, numbers(300));
        await().atMost(PATIENCE).until(() -> content().size() > 50);
        stop(id);
        int before = content().size();

        start(id, numbers(300));
        await().atMost(PATIENCE).until(() -> content().size() > before + 50);
        stop(id);
        assertThat(content().stream().filter(record -> number(record) == 1)).hasSize(2);

        Map<String, Object> there = numbers(300);
        there.put("position", Map.of("line", 90_000));
        start(id, there);
        await().atMost(PATIENCE).until(() -> content().stream().anyMatch(record -> number(record) == 90_001));
        stop(id);
        assertThat(content().stream().filter(record -> number(record) == 1)).hasSize(2);
        assertThat(content().stream().filter(record -> number(record) == 90_000))
                .isEmpty();
    }

    @Test
    void sourceThatEnds_isCompleted() {
        String id = id();
        start(id, file("few.jsonl", 0));
        await().atMost(PATIENCE).until(() -> state(id).equals("completed"));

        assertThat(content()).hasSize(20);
        assertThat(producer(id).path("metrics").path("recordsSent").longValue()).isEqualTo(20);
        assertThat(producer(id).path("metrics").has("lastError")).isFalse();
        assertThat(stop(id).path("status").textValue()).isEqualTo("completed");
        for (String tool : List.of("pause_producer", "resume_producer")) {
            assertThat(failure(producers, tool, Map.of("sourceId", id)).is(KafkaErrorCode.PRODUCER_ENDED))
                    .isTrue();
        }
        start(id, file("few.jsonl", 0));
        await().atMost(PATIENCE).until(() -> content().size() == 40);
    }

    @Test
    void wrongData_failsTheProducer_withTheReason() {
        String id = id();
        start(id, file("broken.jsonl", 1));
        await().atMost(PATIENCE).until(() -> state(id).equals("failed"));

        assertThat(producer(id).path("metrics").path("lastError").textValue()).contains("Line 3");
        assertThat(content()).hasSize(2);
        assertThat(failure(producers, "pause_producer", Map.of("sourceId", id)).is(KafkaErrorCode.PRODUCER_ENDED))
                .isTrue();
        assertThat(stop(id).path("status").textValue()).isIn("failed", "stopped");
    }

    @Test
    void causeOfAFailureThatIsGone_letsResumeGoOn() throws Exception {
        Path mended = folder.resolve("mended.jsonl");
        Files.writeString(mended, Files.readString(folder.resolve("broken.jsonl")));
        String id = id();
        start(id, file("mended.jsonl", 1));
        await().atMost(PATIENCE).until(() -> state(id).equals("failed"));
        Files.write(mended, Files.readAllLines(folder.resolve("few.jsonl")));
        assertThat(command("resume_producer", id)).isEqualTo("running");
        await().atMost(PATIENCE).until(() -> content().size() > 3);
        stop(id);
        assertThat(assertComplete(3)).isZero();
    }

    @Test
    void wrongConfigs_areRefused_andNothingIsStarted() {
        Map<Map<String, Object>, KafkaErrorCode> wrong = new HashMap<>();
        wrong.put(Map.of("topic", topic, "typo", 1), KafkaErrorCode.INVALID_PRODUCER_CONFIG);
        wrong.put(Map.of("topic", topic, "type", "nothing"), KafkaErrorCode.INVALID_PRODUCER_CONFIG);
        wrong.put(Map.of("topic", topic, "rate", 1e9), KafkaErrorCode.INVALID_PRODUCER_CONFIG);
        wrong.put(Map.of("topic", topic, "rate", -1), KafkaErrorCode.INVALID_PRODUCER_CONFIG);
        wrong.put(file("missing.jsonl", 1), KafkaErrorCode.INVALID_PRODUCER_CONFIG);
        wrong.put(file("../numbers.jsonl", 1), KafkaErrorCode.INVALID_PRODUCER_CONFIG);
        wrong.put(Map.of("topic", topic + "x"), KafkaErrorCode.TOPIC_NOT_FOUND);
        wrong.put(
                Map.of("type", "kafka-topic", "topic", topic, "sourceTopic", "missing"),
                KafkaErrorCode.TOPIC_NOT_FOUND);
        String id = id();
        wrong.forEach((config, code) -> {
            MCPToolError error = failure(producers, "start_producer", Map.of("sourceId", id, "config", config));
            assertThat(error.code()).as("%s: %s", config, error.getMessage()).isEqualTo(code.name());
        });
        assertThat(ids()).doesNotContain(id);
    }

    @Test
    void rate_isChangedWhileItRuns_andLastsUntilAStart() {
        String id = id();
        start(id, numbers(1));
        JsonNode changed = call(replica, "set_producer_rate", Map.of("sourceId", id, "rate", 2_000));
        assertThat(changed.path("rate").doubleValue()).isEqualTo(2_000);
        await().atMost(PATIENCE).until(() -> content().size() > 500);
        assertThat(producer(id).path("metrics").path("rate").doubleValue()).isEqualTo(2_000);
        start(id, numbers(1));
        stop(id);
        start(id, numbers(1));
        assertThat(producer(id).path("metrics").path("rate").doubleValue()).isEqualTo(1);
        stop(id);
        assertComplete(10);
    }

    @Test
    void tooMany_areRefusedWithThoseThatRun() {
        List<String> ids = List.of(id(), id(), id());
        ids.forEach(id -> start(id, numbers(1)));
        MCPToolError error = failure(producers, "start_producer", Map.of("sourceId", id(), "config", numbers(1)));
        assertThat(error.is(KafkaErrorCode.TOO_MANY_PRODUCERS)).isTrue();
        assertThat(error.getMessage()).contains(ids);
        ids.forEach(this::stop);
    }

    @Test
    void sameStartByManyCallersAtOnce_startsOneProducer() throws Exception {
        String id = id();
        var pool = Executors.newFixedThreadPool(6);
        try {
            List<Callable<JsonNode>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                StreamingProducerMCPServer server = i % 2 == 0 ? producers : replica;
                calls.add(() -> call(server, "start_producer", Map.of("sourceId", id, "config", numbers(100))));
            }
            for (var answer : pool.invokeAll(calls)) {
                assertThat(answer.get().path("status").textValue()).isEqualTo("running");
            }
        } finally {
            pool.shutdown();
        }
        await().atMost(PATIENCE).until(() -> content().size() > 100);
        stop(id);
        assertComplete(position(id));
        assertThat(ids().stream().filter(id::equals)).hasSize(1);
    }

    @Test
    void copyOfATopic_keepsKeysValuesHeadersAndTimes() {
        String from = "from" + UUID.randomUUID();
        world.kafka.createTopic(from, 2);
        world.kafka.produce(from, 0, 30, 1_700_000_000_000L);
        String id = id();
        start(id, Map.of("type", "kafka-topic", "topic", topic, "sourceTopic", from, "follow", false));
        await().atMost(PATIENCE).until(() -> state(id).equals("completed"));
        List<ConsumerRecord<String, String>> copied = content();
        assertThat(copied).hasSize(30).allSatisfy(record -> assertThat(record.timestamp())
                .isEqualTo(1_700_000_000_000L));
        assertThat(copied.stream().map(ConsumerRecord::value))
                .containsExactlyInAnyOrderElementsOf(TopicContent.read(world.kafka, from).stream()
                        .map(ConsumerRecord::value)
                        .toList());
    }

    Map<String, Object> numbers(double rate) {
        return file("numbers.jsonl", rate);
    }

    private Map<String, Object> file(String path, double rate) {
        return new HashMap<>(
                Map.of("type", "replay", "topic", topic, "path", path, "keyField", "sensor", "rate", rate));
    }

    String topic() {
        return topic;
    }

    static String id() {
        return "p-" + UUID.randomUUID();
    }

    JsonNode start(String id, Map<String, Object> config) {
        return call(producers, "start_producer", Map.of("sourceId", id, "config", config));
    }

    JsonNode stop(String id) {
        return call(producers, "stop_producer", Map.of("sourceId", id));
    }

    private String command(String tool, String id) {
        return call(replica, tool, Map.of("sourceId", id)).path("status").textValue();
    }

    JsonNode producer(String id) {
        for (JsonNode producer : list()) {
            if (producer.path("sourceId").asText().equals(id)) {
                return producer;
            }
        }
        throw new AssertionError("There is no producer " + id);
    }

    private JsonNode list() {
        return call(replica, "get_producer_status", Map.of()).path("producers");
    }

    private List<String> ids() {
        List<String> ids = new ArrayList<>();
        list().forEach(producer -> ids.add(producer.path("sourceId").asText()));
        return ids;
    }

    String state(String id) {
        return producer(id).path("status").asText();
    }

    private long position(String id) {
        return producer(id).path("position").path("line").longValue();
    }

    List<ConsumerRecord<String, String>> content() {
        return TopicContent.read(world.kafka, topic);
    }

    static long number(ConsumerRecord<String, String> record) {
        try {
            return JSON.readTree(record.value()).path("n").longValue();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private long assertComplete(long last) {
        return assertComplete(content(), "s", last);
    }

    /**
     * Asserts that all numbers up to one are there, and that after a number of a key only its successor follows or one that was there
     * before. Returns how many are there more than once.
     */
    static long assertComplete(List<ConsumerRecord<String, String>> all, String prefix, long last) {
        long repeated = 0;
        for (int key = 0; key < 5; key++) {
            String name = prefix + key;
            long expected = key == 0 ? 5 : key;
            for (ConsumerRecord<String, String> record : all) {
                if (name.equals(record.key())) {
                    long number = number(record);
                    if (number < expected) {
                        repeated++;
                    } else {
                        assertThat(number).as("next of %s", name).isEqualTo(expected);
                        expected += 5;
                    }
                }
            }
            assertThat(expected).as("end of %s", name).isGreaterThan(last);
        }
        return repeated;
    }
}
