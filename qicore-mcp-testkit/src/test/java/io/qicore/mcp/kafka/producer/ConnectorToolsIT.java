package io.qicore.mcp.kafka.producer;

import static io.qicore.mcp.fixture.Tools.call;
import static io.qicore.mcp.fixture.Tools.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.TestKeys;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.producer.connect.ConnectConnection;
import io.qicore.mcp.kafka.producer.connect.ConnectProducerRuntime;
import io.qicore.mcp.testkit.EmbeddedConnect;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tools for connectors of all kinds on a worker of Kafka Connect, and odd inputs for them and for producers. */
@Timeout(120)
class ConnectorToolsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String FOREIGN = ForeignConnector.class.getName();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;

    private static KafkaWorld world;
    private static EmbeddedConnect connect;
    private static StreamingProducerMCPServer server;

    @BeforeAll
    static void start() throws Exception {
        world = KafkaWorld.alone(EmbeddedKafka.start());
        world.kafka.createTopic("foreign", 1);
        world.kafka.createTopic("prices", 1);
        Path secrets = Files.writeString(folder.resolve("secrets.properties"), "password=from-the-file\n");
        connect = EmbeddedConnect.builder(world.kafka.cluster().bootstrapServers())
                .workerProperty("config.providers", "file")
                .workerProperty(
                        "config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider")
                .start();
        server = server(KafkaPolicy.defaults());
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class", FOREIGN,
                "tasks.max", "1",
                "topic", "foreign",
                "database.hostname", "db-1",
                "batch.size", "7",
                "database.password", "hunter2",
                "connection.url", "jdbc:x://db?user=bob&password=hunter3",
                "innocent", "hunter4"));
        config.put("other.password", "${file:" + secrets + ":password}");
        create("foreign-source", config);
        config.put("fail", "true");
        create("failing", config);
        await().atMost(PATIENCE).until(() -> status("failing")
                .path("tasks")
                .path(0)
                .path("state")
                .asText()
                .equals("FAILED"));
    }

    @AfterAll
    static void stop() {
        server.close();
        connect.close();
        world.close();
    }

    private static StreamingProducerMCPServer server(KafkaPolicy policy) throws Exception {
        var created = new StreamingProducerMCPServer(
                ConnectProducerRuntime.builder(ConnectConnection.to(connect.url()), world.connection())
                        .connectorProperty("producer.override.compression.type", "lz4")
                        .build(),
                KafkaOptions.builder().policy(policy).build());
        created.initialize();
        return created;
    }

    private static void create(String name, Map<String, String> config) throws Exception {
        String body = JSON.writeValueAsString(Map.of("name", name, "config", config));
        HttpRequest request = HttpRequest.newBuilder(URI.create(connect.url() + "/connectors"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static JsonNode status(String name) {
        return call(server, "get_connector_status", Map.of("name", name));
    }

    @Test
    void connectors_areListed_withTheirStates() {
        await().atMost(PATIENCE)
                .until(() -> status("foreign-source").path("state").asText().equals("RUNNING"));
        JsonNode rows = call(server, "list_connectors", Map.of("nameContains", "F"));
        assertThat(rows.path("connectors"))
                .extracting(row -> row.path("name").asText())
                .contains("failing", "foreign-source");
        assertThat(rows.path("connectors").path(0).path("failedTasks").intValue())
                .isEqualTo(1);
        assertThat(call(server, "list_connectors", Map.of("nameContains", "nothing"))
                        .path("total")
                        .intValue())
                .isZero();
    }

    @Test
    void secrets_areMasked_andReferencesShown() {
        JsonNode config = status("foreign-source").path("config");
        assertThat(config.path("connector.class").textValue()).isEqualTo(FOREIGN);
        assertThat(config.path("topic").textValue()).isEqualTo("foreign");
        assertThat(config.path("database.hostname").textValue()).isEqualTo("db-1");
        assertThat(config.path("batch.size").textValue()).isEqualTo("7");
        for (String secret : List.of("database.password", "connection.url", "innocent")) {
            assertThat(config.path(secret).textValue()).isEqualTo("***");
        }
        assertThat(config.path("other.password").textValue()).startsWith("${file:");
        assertThat(status("foreign-source").toString() + status("failing")).doesNotContain("hunter", "from-the-file");
        JsonNode failed = status("failing").path("tasks").path(0);
        assertThat(failed.path("state").textValue()).isEqualTo("FAILED");
        assertThat(failed.path("error").textValue())
                .startsWith("Cannot connect to ***")
                .contains("was refused")
                .doesNotContain("\tat ");
    }

    @Test
    void foreignConnectors_arePaused_resumedAndRestarted() {
        for (int i = 0; i < 2; i++) {
            assertThat(change("pause_connector", "foreign-source").path("state").textValue())
                    .isEqualTo("PAUSED");
        }
        assertThat(change("resume_connector", "foreign-source").path("state").textValue())
                .isEqualTo("RUNNING");
        assertThat(change("restart_connector", "foreign-source").path("success").booleanValue())
                .isTrue();
        call(server, "restart_connector", Map.of("name", "failing", "onlyFailed", true));
        await().atMost(PATIENCE).until(() -> status("foreign-source")
                .path("tasks")
                .path(0)
                .path("state")
                .asText()
                .equals("RUNNING"));
    }

    private static JsonNode change(String tool, String name) {
        return call(server, tool, Map.of("name", name));
    }

    @Test
    void changes_areConfirmedIfTheOperatorWantsIt_andAreNotOfferedReadOnly() throws Exception {
        try (var asking = server(
                KafkaPolicy.builder().confirmation(ConfirmationMode.ALWAYS).build())) {
            JsonNode plan = call(asking, "pause_connector", Map.of("name", "failing"));
            assertThat(plan.path("success").booleanValue()).isFalse();
            String hash = plan.path("planHash").textValue();
            MCPToolError other = failure(asking, "pause_connector", Map.of("name", "foreign-source", "planHash", hash));
            assertThat(other.is(StandardErrorCode.PLAN_CHANGED)).isTrue();
        }
        assertThat(call(server, "restart_connector", Map.of("name", "failing", "dryRun", true))
                        .path("success")
                        .booleanValue())
                .isFalse();
        try (var reading = server(KafkaPolicy.builder().readOnly(true).build())) {
            assertThat(reading.tools())
                    .extracting(tool -> tool.name())
                    .containsExactlyInAnyOrder(
                            "get_producer_status", "list_source_types", "list_connectors", "get_connector_status");
        }
    }

    @Test
    void copiesOfTopics_areResumedAsProducersOnly() throws Exception {
        call(
                server,
                "start_producer",
                Map.of(
                        "sourceId",
                        "copying",
                        "config",
                        Map.of("type", "kafka-topic", "sourceTopic", "foreign", "topic", "prices")));
        for (String tool : List.of("resume_connector", "restart_connector")) {
            assertThat(failure(server, tool, Map.of("name", "copying"))).hasMessageContaining("resume_producer");
        }
        assertThat(change("pause_connector", "copying").path("state").textValue())
                .isEqualTo("PAUSED");
        assertThat(call(server, "resume_producer", Map.of("sourceId", "copying"))
                        .path("status")
                        .textValue())
                .isEqualTo("running");
        call(server, "stop_producer", Map.of("sourceId", "copying"));
    }

    @Test
    void callersWithLimitedTopics_seeOnlyProducersOfTheirs() throws Exception {
        call(server, "start_producer", Map.of("sourceId", "mine", "config", Map.of("topic", "prices", "rate", 1)));
        call(server, "start_producer", Map.of("sourceId", "theirs", "config", Map.of("topic", "foreign", "rate", 1)));
        try (var limited = server(KafkaPolicy.builder().topics("prices").build())) {
            assertThat(call(limited, "list_connectors", Map.of()).path("connectors"))
                    .extracting(row -> row.path("name").asText())
                    .containsExactly("mine");
            for (String hidden : List.of("theirs", "foreign-source", "failing")) {
                for (String tool : List.of("get_connector_status", "pause_connector", "restart_connector")) {
                    MCPToolError error = failure(limited, tool, Map.of("name", hidden));
                    assertThat(error.is(KafkaErrorCode.CONNECTOR_NOT_FOUND)).isTrue();
                    assertThat(error.context().get("known")).isEqualTo(List.of("mine"));
                }
            }
        }
        call(server, "stop_producer", Map.of("sourceId", "mine"));
        call(server, "stop_producer", Map.of("sourceId", "theirs"));
        MCPToolError stopped = failure(server, "pause_connector", Map.of("name", "mine"));
        assertThat(stopped.getMessage()).contains("resume_connector");
        assertThat(change("resume_connector", "mine").path("state").textValue()).isEqualTo("RUNNING");
        call(server, "stop_producer", Map.of("sourceId", "mine"));
    }

    @Test
    void idOfAForeignConnector_isTaken_andTheConnectorIsLeftAlone() {
        MCPToolError error = failure(
                server, "start_producer", Map.of("sourceId", "foreign-source", "config", Map.of("topic", "prices")));
        assertThat(error.is(KafkaErrorCode.PRODUCER_EXISTS)).isTrue();
        assertThat(error.getMessage()).contains("not a producer").doesNotContain("hunter");
        for (String tool : List.of("stop_producer", "pause_producer", "resume_producer")) {
            assertThat(failure(server, tool, Map.of("sourceId", "foreign-source"))
                            .is(KafkaErrorCode.PRODUCER_NOT_FOUND))
                    .isTrue();
        }
        assertThat(failure(server, "set_producer_rate", Map.of("sourceId", "foreign-source", "rate", 1))
                        .is(KafkaErrorCode.PRODUCER_NOT_FOUND))
                .isTrue();
        assertThat(status("foreign-source")
                        .path("config")
                        .path("connector.class")
                        .textValue())
                .isEqualTo(FOREIGN);
    }

    @Test
    void oddNames_getTypedErrors() throws Exception {
        List<String> names = List.of(
                "",
                " ",
                ".",
                "..",
                "...",
                "a/b",
                "/",
                "//",
                "a%2Fb",
                "%",
                "%00",
                "%2e%2e",
                "ä€😀",
                "a b",
                "a\nb",
                "a\tb",
                "\u0000",
                "x".repeat(300),
                "x".repeat(20_000),
                "?expand=info",
                "a?b",
                "#",
                "a#b",
                ";",
                "a;b",
                "\\",
                "..\\..",
                "null",
                "foreign",
                "foreign-source ",
                " foreign-source",
                "FOREIGN-SOURCE",
                "foreign-source/status",
                "foreign-source/config",
                "foreign-source?x",
                "../connectors/foreign-source",
                "${file:/etc/passwd:x}",
                "'",
                "\"",
                "<b>",
                "{}",
                "[]",
                "*",
                "\u202e",
                "-",
                "_",
                "0",
                "true");
        for (String name : names) {
            for (String tool :
                    List.of("get_connector_status", "pause_connector", "resume_connector", "restart_connector")) {
                MCPToolError error = failure(server, tool, Map.of("name", name));
                assertThat(error.code()).as("%s '%s'", tool, name).isIn("CONNECTOR_NOT_FOUND", "INVALID_ARGUMENT");
            }
            for (String tool : List.of("stop_producer", "pause_producer", "resume_producer")) {
                MCPToolError error = failure(server, tool, Map.of("sourceId", name));
                assertThat(error.code()).as("%s '%s'", tool, name).isIn("PRODUCER_NOT_FOUND", "INVALID_ARGUMENT");
            }
        }
        for (String name : List.of(".", "..", "...", "a/b", "a%2Fb", "ä", "x".repeat(101), "", "a b")) {
            MCPToolError error =
                    failure(server, "start_producer", Map.of("sourceId", name, "config", Map.of("topic", "prices")));
            assertThat(error.code()).as(name).isEqualTo("INVALID_ARGUMENT");
        }
        assertThat(call(server, "list_connectors", Map.of("nameContains", "%/..ä\u0000"))
                        .path("total")
                        .intValue())
                .isZero();
    }

    @Test
    void connectorsWithOddNames_areShown_andFailTyped() throws Exception {
        for (String name : List.of("slash/ed", "per%cent", "ünï code", "....")) {
            create(name, Map.of("connector.class", FOREIGN, "topic", "foreign", "tasks.max", "1"));
        }
        await().atMost(PATIENCE)
                .until(() ->
                        call(server, "list_connectors", Map.of()).toString().contains("ünï code"));
        for (String name : List.of("slash/ed", "per%cent", "ünï code", "....")) {
            assertThat(status(name).path("name").textValue()).isEqualTo(name);
            try {
                assertThat(change("pause_connector", name).path("success").booleanValue())
                        .isTrue();
            } catch (MCPToolError e) {
                assertThat(e.code()).as("%s: %s", name, e.getMessage()).isEqualTo("CONNECT_ERROR");
            }
        }
    }

    @Test
    void oddConfigs_areRefusedOrRun_andNeverBreakTheServer() {
        List<Map<String, Object>> configs = List.of(
                Map.of("topic", "prices", "rate", Double.MAX_VALUE),
                Map.of("topic", "prices", "rate", Double.MIN_VALUE),
                Map.of("topic", "prices", "rate", "fast"),
                Map.of("topic", "prices", "seed", Long.MAX_VALUE),
                Map.of("topic", "prices", "position", Map.of("x", List.of(1))),
                Map.of("topic", "prices", "position", Map.of("x", Map.of())),
                Map.of("topic", "prices", "position", Map.of("qicore.records", 5)),
                Map.of("topic", "prices", "symbols", List.of()),
                Map.of("topic", "prices", "symbols", List.of("ä\u0000😀", "${file:/etc/passwd:root}")),
                Map.of("topic", "prices", "apiKey", "hunter6"),
                Map.of("topic", "", "rate", 1),
                Map.of("topic", "__consumer_offsets"),
                Map.of("topic", "a b"),
                Map.of("topic", "x".repeat(300)),
                Map.of("topic", "prices", "type", "../simulated"),
                Map.of("topic", "prices", "connector.class", FOREIGN),
                Map.of("topic", "prices", "name", "other"),
                Map.of("topic", "prices", "producer.override.bootstrap.servers", "evil:9092"));
        int i = 0;
        for (Map<String, Object> config : configs) {
            String id = "odd-" + i++;
            try {
                call(server, "start_producer", Map.of("sourceId", id, "config", config));
                call(server, "stop_producer", Map.of("sourceId", id));
            } catch (MCPToolError e) {
                assertThat(e.code())
                        .as("%s: %s", config, e.getMessage())
                        .isIn("INVALID_PRODUCER_CONFIG", "INVALID_ARGUMENT", "NOT_ALLOWED", "TOPIC_NOT_FOUND");
            }
        }
        assertThat(call(server, "list_connectors", Map.of()).path("connectors"))
                .extracting(row -> row.path("name").asText())
                .doesNotContain("other");
    }

    @Test
    void referencesInAConfigOfAnAgent_areNotResolved() {
        world.kafka.createTopic("leak", 1);
        String reference = "${file:" + folder.resolve("secrets.properties") + ":password}";
        call(
                server,
                "start_producer",
                Map.of(
                        "sourceId",
                        "leak",
                        "config",
                        Map.of("topic", "leak", "symbols", List.of(reference), "candlesPerSymbol", 3)));
        await().atMost(PATIENCE)
                .until(() -> TopicContent.read(world.kafka, "leak").size() == 3);
        assertThat(TopicContent.read(world.kafka, "leak"))
                .allSatisfy(record -> assertThat(record.key()).isEqualTo(reference));
    }

    @Test
    void startsAndStopsOfOneIdAtOnce_endInOneTruth() throws Exception {
        var pool = Executors.newFixedThreadPool(6);
        try (var replica = server(KafkaPolicy.defaults())) {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                StreamingProducerMCPServer one = i % 2 == 0 ? server : replica;
                Map<String, Object> arguments = i % 3 == 0
                        ? Map.of("sourceId", "busy")
                        : Map.of("sourceId", "busy", "config", Map.of("topic", "prices", "rate", 1 + i % 2));
                String tool = i % 3 == 0 ? "stop_producer" : "start_producer";
                calls.add(() -> {
                    try {
                        return call(one, tool, arguments).path("status").asText();
                    } catch (MCPToolError e) {
                        return e.code();
                    }
                });
            }
            for (var answer : pool.invokeAll(calls)) {
                assertThat(answer.get())
                        .isIn(
                                "running",
                                "stopped",
                                "PRODUCER_EXISTS",
                                "PRODUCER_NOT_FOUND",
                                "DEADLINE_EXCEEDED",
                                "CONNECT_UNAVAILABLE");
            }
            JsonNode stopped = call(server, "stop_producer", Map.of("sourceId", "busy"));
            assertThat(stopped.path("status").textValue()).isEqualTo("stopped");
            assertThat(status("busy").path("state").textValue()).isEqualTo("STOPPED");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void tls_isVerified_andUsedWithAuthentication(@TempDir Path keys) throws Exception {
        TestKeys.createServer(keys);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(keys.resolve("server.p12"))) {
            store.load(in, TestKeys.PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, TestKeys.PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        Path trusted = Files.writeString(
                keys.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(store.getCertificate("server").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        https.createContext("/", exchange -> {
            try (exchange) {
                boolean known = "Basic dTpw".equals(exchange.getRequestHeaders().getFirst("Authorization"));
                exchange.sendResponseHeaders(known ? 200 : 401, 2);
                exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            }
        });
        https.start();
        try {
            // The certificate is for the address, not for the name.
            String url = "https://127.0.0.1:" + https.getAddress().getPort();
            var good = ConnectConnection.to(url).trusting(trusted).basic("u", "p");
            assertThat(list(good).path("total").intValue()).isZero();
            assertThat(refusal(good.basic("u", "wr0ng")).is(StandardErrorCode.NOT_AUTHORIZED))
                    .isTrue();
            assertThat(refusal(ConnectConnection.to(url).basic("u", "p")).getMessage())
                    .contains("does not trust");
            for (var wrong : List.of(
                    ConnectConnection.to(url.replace("127.0.0.1", "localhost")).trusting(trusted),
                    ConnectConnection.to(url.replace("https", "http")))) {
                assertThat(refusal(wrong).is(KafkaErrorCode.CONNECT_UNAVAILABLE))
                        .isTrue();
            }
        } finally {
            https.stop(0);
        }
    }

    private static StreamingProducerMCPServer serverFor(ConnectConnection connection) throws Exception {
        var created = new StreamingProducerMCPServer(
                ConnectProducerRuntime.builder(connection, world.connection()).build(), KafkaOptions.defaults());
        created.initialize();
        return created;
    }

    private static JsonNode list(ConnectConnection connection) throws Exception {
        try (var other = serverFor(connection)) {
            return call(other, "list_connectors", Map.of());
        }
    }

    private static MCPToolError refusal(ConnectConnection connection) throws Exception {
        try (var other = serverFor(connection)) {
            MCPToolError error = failure(other, "list_connectors", Map.of());
            assertThat(error.getMessage()).doesNotContain("wr0ng");
            return error;
        }
    }
}
