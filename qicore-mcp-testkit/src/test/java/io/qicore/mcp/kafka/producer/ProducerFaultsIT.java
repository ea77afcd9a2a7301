package io.qicore.mcp.kafka.producer;

import static io.qicore.mcp.fixture.Tools.call;
import static io.qicore.mcp.fixture.Tools.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.producer.local.LocalProducerRuntime;
import io.qicore.mcp.kafka.producer.local.LocalProducerRuntimeBuilder;
import io.qicore.mcp.testkit.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Producers while brokers, rights, files and their own process fail: no record is lost, and the tools say what is true. */
@Timeout(180)
class ProducerFaultsIT {

    private static final int SOURCES = 5;
    private static final Duration OUTAGE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void brokerIsDown_fiveSourcesRunAgainByThemselves_withoutALossAndInOrder() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.start());
                var producers =
                        server(LocalProducerRuntime.builder(world.connection()).source(new NumberedType()))) {
            world.kafka.createTopic("prices", 3);
            producers.initialize();
            List<String> ids =
                    IntStream.range(0, SOURCES).mapToObj(i -> "source-" + i).toList();
            ids.forEach(id -> start(producers, id, numbered(id, "prices", 200)));
            await().untilAsserted(() -> assertThat(ids)
                    .allSatisfy(id -> assertThat(sent(producers, id)).isPositive()));

            world.kafka.cluster().stopBroker();
            long down = System.nanoTime();
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(ids)
                    .allSatisfy(id -> assertThat(state(producers, id)).isEqualTo("stalled")));
            List<Long> before = ids.stream().map(id -> sent(producers, id)).toList();
            TimeUnit.NANOSECONDS.sleep(OUTAGE.toNanos() - (System.nanoTime() - down));
            assertThat(ids.stream().map(id -> sent(producers, id)).toList()).isEqualTo(before);
            world.kafka.cluster().startBroker();

            await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
                for (int i = 0; i < SOURCES; i++) {
                    assertThat(state(producers, ids.get(i))).isEqualTo("running");
                    assertThat(sent(producers, ids.get(i))).isGreaterThan(before.get(i) + 1_000);
                }
            });
            Map<String, JsonNode> stopped = new HashMap<>();
            ids.forEach(id -> stopped.put(id, call(producers, "stop_producer", Map.of("sourceId", id))));
            var records = TopicContent.read(world.kafka, "prices");
            for (String id : ids) {
                JsonNode end = stopped.get(id);
                assertThat(end.path("metrics").path("bufferedRecords").longValue())
                        .isZero();
                long last = end.path("position").path("number").longValue();
                assertThat(last)
                        .isEqualTo(end.path("metrics").path("recordsSent").longValue());
                // The client itself went on, so nothing was even sent twice.
                assertThat(TopicContent.assertComplete(records, id, last)).isZero();
            }
            assertThat(records)
                    .hasSize(stopped.values().stream()
                            .mapToInt(end ->
                                    end.path("metrics").path("recordsSent").intValue())
                            .sum());
        }
    }

    @Test
    void closeDuringAnOutage_isBounded_andSaysWhatIsMissing() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.start())) {
            world.kafka.createTopic("prices", 1);
            var runtime = LocalProducerRuntime.builder(world.connection())
                    .source(new NumberedType())
                    .flushTimeout(Duration.ofSeconds(2))
                    .build();
            try (var producers = server(runtime)) {
                producers.initialize();
                start(producers, "a", numbered("a", "prices", 500));
                start(producers, "b", numbered("b", "prices", 0));
                await().until(() -> sent(producers, "a") > 0 && sent(producers, "b") > 0);
                world.kafka.cluster().stopBroker();
                await().until(() -> state(producers, "a").equals("stalled"));

                long start = System.nanoTime();
                runtime.close();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));

                for (String id : List.of("a", "b")) {
                    JsonNode end = producer(producers, id);
                    long missing = end.path("metrics").path("bufferedRecords").longValue();
                    assertThat(end.path("status").textValue()).isEqualTo("stopped");
                    assertThat(missing).isPositive();
                    assertThat(end.path("metrics").path("lastError").textValue())
                            .contains("not acknowledged " + missing + " of the records");
                }
            }
            long a = runtime.status(Duration.ZERO).get(0).position().count("number");
            world.kafka.cluster().startBroker();
            world.kafka.awaitTopic("prices");
            TopicContent.assertComplete(TopicContent.read(world.kafka, "prices"), "a", a);
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("qicore-mcp-producer-")
                            || thread.getName().contains("kafka-producer-network-thread | qicore-mcp-producer-"));
        }
    }

    @Test
    void rightThatIsWithdrawn_failsTheProducer_andResumingItGoesOnWithoutALoss() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.builder()
                .brokerProperty("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .brokerProperty("super.users", "User:ANONYMOUS")
                .listener(
                        "SASL",
                        SecurityProtocol.SASL_PLAINTEXT,
                        Map.of(
                                "sasl.enabled.mechanisms",
                                "PLAIN",
                                "plain.sasl.jaas.config",
                                PlainLoginModule.class.getName() + " required user_agent=\"secret\";"))
                .start())) {
            world.kafka.createTopic("prices", 3);
            var topic = new ResourcePattern(ResourceType.TOPIC, "prices", PatternType.LITERAL);
            var write = new AclBinding(
                    topic, new AccessControlEntry("User:agent", "*", AclOperation.WRITE, AclPermissionType.ALLOW));
            world.kafka.admin().createAcls(List.of(write)).all().get();
            var connection = new KafkaConnection(Map.of(
                    "bootstrap.servers",
                    world.kafka.cluster().bootstrapServers("SASL"),
                    "security.protocol",
                    "SASL_PLAINTEXT",
                    "sasl.mechanism",
                    "PLAIN",
                    "sasl.jaas.config",
                    PlainLoginModule.class.getName() + " required username=\"agent\" password=\"secret\";"));
            try (var producers = server(LocalProducerRuntime.builder(connection).source(new NumberedType()))) {
                producers.initialize();
                await().ignoreExceptions().until(() -> {
                    start(producers, "a", numbered("a", "prices", 500));
                    return true;
                });
                await().until(() -> sent(producers, "a") > 100);

                world.kafka
                        .admin()
                        .deleteAcls(List.of(new AclBindingFilter(
                                topic.toFilter(), write.entry().toFilter())))
                        .all()
                        .get();
                await().until(() -> state(producers, "a").equals("failed"));
                assertThat(producer(producers, "a")
                                .path("metrics")
                                .path("lastError")
                                .textValue())
                        .contains("kafka-acls", "--operation Write", "--topic prices");

                world.kafka.admin().createAcls(List.of(write)).all().get();
                await().ignoreExceptions().until(() -> call(producers, "resume_producer", Map.of("sourceId", "a"))
                        .path("status")
                        .asText()
                        .equals("running"));
                await().until(() -> sent(producers, "a") > 100);
                long last = call(producers, "stop_producer", Map.of("sourceId", "a"))
                        .path("position")
                        .path("number")
                        .longValue();
                TopicContent.assertComplete(TopicContent.read(world.kafka, "prices"), "a", last);
            }
        }
    }

    @Test
    void processIsKilled_whatItAcknowledgedIsThere_andANewOneTellsThatNothingRuns() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.start())) {
            world.kafka.createTopic("prices", 3);
            JsonNode last = runAndKill(world.kafka.cluster().bootstrapServers());
            long acknowledged = last.path("metrics").path("recordsSent").longValue();
            long position = last.path("position").path("number").longValue();
            assertThat(acknowledged).isGreaterThan(100);
            assertThat(position).isGreaterThan(100).isLessThanOrEqualTo(acknowledged);
            TopicContent.assertComplete(TopicContent.read(world.kafka, "prices"), "a", position);
            assertThat(TopicContent.read(world.kafka, "prices").size()).isGreaterThanOrEqualTo((int) acknowledged);

            try (var producers =
                    server(LocalProducerRuntime.builder(world.connection()).source(new NumberedType()))) {
                producers.initialize();
                assertThat(call(producers, "get_producer_status", Map.of()).path("producers"))
                        .isEmpty();
                for (String tool : List.of("stop_producer", "pause_producer", "resume_producer")) {
                    assertThat(failure(producers, tool, Map.of("sourceId", "a")).is(KafkaErrorCode.PRODUCER_NOT_FOUND))
                            .isTrue();
                }

                Map<String, Object> config = numbered("a", "prices", 500);
                config.put("position", Map.of("number", position));
                start(producers, "a", config);
                await().until(() -> sent(producers, "a") > 100);
                long end = call(producers, "stop_producer", Map.of("sourceId", "a"))
                        .path("position")
                        .path("number")
                        .longValue();
                TopicContent.assertComplete(TopicContent.read(world.kafka, "prices"), "a", end);
            }
        }
    }

    /** Runs a producer in a process of its own, kills the process, and returns the last status that it printed. */
    private JsonNode runAndKill(String bootstrapServers) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ProducerMain.class.getName(),
                        bootstrapServers)
                .redirectError(folder.resolve("stderr").toFile())
                .start();
        String last = "";
        try {
            var lines = child.inputReader(StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ProducerMain.STATUS)) {
                    last = line.substring(ProducerMain.STATUS.length());
                }
                if (last.contains("\"sent\":true")) {
                    break;
                }
            }
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(last).as(Files.readString(folder.resolve("stderr"))).isNotEmpty();
        return new ObjectMapper().readTree(last).path("producer");
    }

    @Test
    void anyServer_commandsWhatAnotherOneStarted_andOutlivesIt() throws Exception {
        try (var world = KafkaWorld.alone(EmbeddedKafka.start());
                var runtime = LocalProducerRuntime.builder(world.connection())
                        .source(new NumberedType())
                        .build();
                var first = server(runtime);
                var second = server(runtime)) {
            world.kafka.createTopic("prices", 3);
            first.initialize();
            second.initialize();
            start(first, "a", numbered("a", "prices", 100));
            first.cleanup();

            assertThat(call(second, "pause_producer", Map.of("sourceId", "a"))
                            .path("status")
                            .asText())
                    .isEqualTo("paused");
            start(second, "a", numbered("a", "prices", 100));
            await().until(() -> sent(second, "a") > 10);
            JsonNode stopped = call(second, "stop_producer", Map.of("sourceId", "a"));
            assertThat(stopped.path("status").asText()).isEqualTo("stopped");
            first.initialize();
            assertThat(call(first, "get_producer_status", Map.of()))
                    .isEqualTo(call(second, "get_producer_status", Map.of()));
            TopicContent.assertComplete(
                    TopicContent.read(world.kafka, "prices"),
                    "a",
                    stopped.path("position").path("number").longValue());
        }
    }

    /** A server with a runtime of its own, which it closes. */
    private static StreamingProducerMCPServer server(LocalProducerRuntimeBuilder runtime) {
        return new StreamingProducerMCPServer(runtime, KafkaOptions.defaults());
    }

    static StreamingProducerMCPServer server(LocalProducerRuntime runtime) {
        return new StreamingProducerMCPServer(runtime, KafkaOptions.defaults());
    }

    static Map<String, Object> numbered(String prefix, String topic, int rate) {
        return new HashMap<>(Map.of("type", "numbered", "prefix", prefix, "topic", topic, "rate", rate));
    }

    private static void start(StreamingProducerMCPServer producers, String id, Map<String, Object> config) {
        JsonNode started = call(producers, "start_producer", Map.of("sourceId", id, "config", config));
        assertThat(started.path("status").textValue()).isEqualTo("running");
    }

    private static JsonNode producer(StreamingProducerMCPServer producers, String id) {
        for (JsonNode producer :
                call(producers, "get_producer_status", Map.of()).path("producers")) {
            if (producer.path("sourceId").asText().equals(id)) {
                return producer;
            }
        }
        throw new AssertionError("There is no producer " + id);
    }

    private static long sent(StreamingProducerMCPServer producers, String id) {
        return producer(producers, id).path("metrics").path("recordsSent").longValue();
    }

    private static String state(StreamingProducerMCPServer producers, String id) {
        return producer(producers, id).path("status").asText();
    }
}
