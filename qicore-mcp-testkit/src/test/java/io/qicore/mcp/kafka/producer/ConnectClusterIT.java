package io.qicore.mcp.kafka.producer;

import static io.qicore.mcp.fixture.Tools.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.host.MCPServerFactory;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.testkit.EmbeddedKafka;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two workers of Kafka Connect, each a process of its own that loads the plugin from its plugin path, one of which is killed; and two
 * instances of the server, configured by settings.
 */
@Timeout(300)
class ConnectClusterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LINES = 200_000;

    @TempDir
    private Path folder;

    private final Map<String, Process> workers = new HashMap<>();

    @AfterEach
    void killWorkers() {
        workers.values().forEach(Process::destroyForcibly);
    }

    @Test
    void workerAndServerAreKilled_producersGoOn_andAnotherServerStopsThem() throws Exception {
        Path plugins = plugins();
        writeNumbers();
        try (var world = KafkaWorld.alone(EmbeddedKafka.start())) {
            world.kafka.createTopic("a", 3);
            world.kafka.createTopic("b", 3);
            String brokers = world.kafka.cluster().bootstrapServers();
            startWorker(brokers, plugins, "1");
            startWorker(brokers, plugins, "2");
            StatelessMCPServer first = server(brokers);
            try (StatelessMCPServer second = server(brokers)) {
                for (String id : List.of("a", "b")) {
                    JsonNode started = call(first, "start_producer", Map.of("sourceId", id, "config", numbers(id)));
                    assertThat(started.path("status").textValue()).isEqualTo("running");
                }
                first.close();
                await().atMost(PATIENCE)
                        .until(() -> TopicContent.read(world.kafka, "a").size() > 300);
                String worker = workerOf(second, "a");
                assertThat(call(second, "list_connectors", Map.of()).path("connectors"))
                        .extracting(row -> row.path("name").textValue())
                        .containsExactly("mcp-a", "mcp-b");

                kill(worker);
                await().atMost(PATIENCE)
                        .until(() -> !worker.equals(workerOf(second, "a"))
                                && state(second, "a").equals("running")
                                && state(second, "b").equals("running"));
                int moved = TopicContent.read(world.kafka, "a").size();
                await().atMost(PATIENCE)
                        .until(() -> TopicContent.read(world.kafka, "a").size() > moved + 300);
                JsonNode stopped = call(second, "stop_producer", Map.of("sourceId", "a"));
                long last = stopped.path("position").path("line").longValue();
                // What is in the topic also has repetitions.
                assertThat(last).isGreaterThan(300);
                long repeated = ProducerRuntimeContract.assertComplete(TopicContent.read(world.kafka, "a"), "k", last);
                // What was sent after the offset that was stored last, a second before at most, is sent again.
                assertThat(repeated).isLessThan(1_000);
                assertThat(stopped.path("metrics").path("recordsSent").longValue())
                        .isEqualTo(last);

                call(second, "resume_producer", Map.of("sourceId", "a"));
                call(second, "stop_producer", Map.of("sourceId", "a"));
                call(second, "stop_producer", Map.of("sourceId", "b"));
            }
        }
    }

    /** Makes a folder with the plugin and what it needs, and nothing of Kafka, which the worker has. */
    private Path plugins() throws Exception {
        Path plugin = Files.createDirectories(folder.resolve("plugins").resolve("qicore"));
        for (String entry : classPath()) {
            Path jar = Path.of(entry);
            if (isOfPlugin(jar)) {
                assertThat(entry).as("run by Maven after the phase package").endsWith(".jar");
                Files.createSymbolicLink(plugin.resolve(jar.getFileName()), jar.toAbsolutePath());
            }
        }
        return plugin.getParent();
    }

    private static List<String> classPath() {
        return Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
    }

    private static boolean isOfPlugin(Path entry) {
        String path = entry.toString();
        return Stream.of(
                        "qicore-mcp-kafka",
                        "qicore-mcp-core",
                        "networknt",
                        "victools",
                        "jackson",
                        "classmate",
                        "ethlo",
                        "jspecify")
                .anyMatch(path::contains);
    }

    private void startWorker(String brokers, Path plugins, String number) throws Exception {
        List<String> classPath = new ArrayList<>(classPath());
        classPath.removeIf(entry -> isOfPlugin(Path.of(entry)) && !entry.contains("jackson"));
        Process worker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        ConnectWorkerMain.class.getName(),
                        brokers,
                        "plugin.path",
                        plugins.toString())
                .redirectError(folder.resolve("stderr-" + number).toFile())
                .start();
        var lines = worker.inputReader(StandardCharsets.UTF_8);
        List<String> output = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            output.add(line);
            if (line.startsWith(ConnectWorkerMain.URL)) {
                workers.put(line.substring((ConnectWorkerMain.URL + "http://").length()), worker);
                Thread drain = new Thread(() -> lines.lines().forEach(rest -> {}), "worker-" + number);
                drain.setDaemon(true);
                drain.start();
                return;
            }
        }
        throw new AssertionError("The worker did not start: " + String.join("\n", output)
                + Files.readString(folder.resolve("stderr-" + number)));
    }

    private void kill(String worker) throws Exception {
        Process process = workers.get(worker);
        assertThat(process).as("%s of %s", worker, workers.keySet()).isNotNull();
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Creates a server as a deployment does. The first address is of a worker that does not exist. */
    private StatelessMCPServer server(String brokers) throws Exception {
        Path properties = folder.resolve("connector.properties");
        Files.writeString(properties, "setting.PRODUCER_REPLAY_DIRECTORY=" + folder + "\n");
        List<String> urls = new ArrayList<>(List.of("http://localhost:1"));
        workers.keySet().forEach(address -> urls.add("http://" + address));
        StatelessMCPServer server = MCPServerFactory.createFromConfig(MCPServerFactory.configFromEnvironment(
                "producer",
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        brokers,
                        "PRODUCER_MCP_CONNECT_URLS",
                        String.join(",", urls),
                        "PRODUCER_MCP_CONNECT_PREFIX",
                        "mcp-",
                        "PRODUCER_MCP_CONNECT_PROPERTIES",
                        properties.toString())));
        server.initialize();
        return server;
    }

    private void writeNumbers() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int n = 1; n <= LINES; n++) {
            lines.add("{\"key\":\"k" + n % 5 + "\",\"n\":" + n + "}");
        }
        Files.write(folder.resolve("numbers.jsonl"), lines);
    }

    private static Map<String, Object> numbers(String topic) {
        return Map.of("type", "replay", "topic", topic, "path", "numbers.jsonl", "keyField", "key", "rate", 200);
    }

    private static String workerOf(StatelessMCPServer server, String id) {
        return call(server, "get_connector_status", Map.of("name", "mcp-" + id))
                .path("tasks")
                .path(0)
                .path("worker")
                .asText();
    }

    private static String state(StatelessMCPServer server, String id) {
        for (JsonNode producer : call(server, "get_producer_status", Map.of()).path("producers")) {
            if (producer.path("sourceId").asText().equals(id)) {
                return producer.path("status").asText();
            }
        }
        return "";
    }
}
