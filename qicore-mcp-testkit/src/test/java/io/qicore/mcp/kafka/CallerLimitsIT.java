package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.LimitedCaller;
import io.qicore.mcp.fixture.LimitedCaller.Forbidden;
import io.qicore.mcp.fixture.LimitedCaller.ToolCall;
import io.qicore.mcp.fixture.LimitedCaller.Values;
import io.qicore.mcp.fixture.Records;
import io.qicore.mcp.fixture.RegistryStandIn;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.access.RegistryConnection;
import io.qicore.mcp.kafka.live.RealTimeDataMCPServer;
import io.qicore.mcp.kafka.producer.StreamingProducerMCPServer;
import io.qicore.mcp.kafka.producer.local.LocalProducerRuntime;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.records.RecordsMCPServer;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.MCPTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A caller that may use {@code a.*} learns nothing of {@code b-secret} and cannot change it, on any way of any server. */
class CallerLimitsIT {

    private static final String SECRET = "b-secret";

    private static final Caller LIMITED = Caller.of("narrow")
            .withLimits(Map.of(
                    Caller.TOPICS, NamePatterns.of("topics", List.of("a.*")),
                    Caller.GROUPS, NamePatterns.of("groups", List.of("a.*"))));
    private static final Caller UNLIMITED = Caller.of("wide");

    private static final Map<String, Values> VALUES = new HashMap<>();

    static {
        VALUES.put("topic", new Values("a.orders", SECRET, "b-nosuch"));
        VALUES.put("name", new Values("a.new", SECRET, "b-nosuch"));
        VALUES.put("groupId", new Values("a.idle", SECRET, "b-nosuch"));
        VALUES.put("sourceId", new Values("a-feed", "b-secret-feed", "b-nosuch-feed"));
        VALUES.put("start_producer.sourceId", Values.of("a-feed"));
        VALUES.put(
                "config",
                new Values(
                        Map.of("topic", "a.orders", "rate", 1), Map.of("topic", SECRET), Map.of("topic", "b-nosuch")));
        VALUES.put("rate", Values.of(1));
        VALUES.put("type", Values.of("simulated"));
        VALUES.put("resourceName", new Values("a.orders", SECRET, "b-nosuch"));
        VALUES.put("offsets", new Values(Map.of("a.orders:0", 1), Map.of("b-secret:0", 1), Map.of("b-nosuch:0", 1)));
        VALUES.put("partitions", Values.of(1));
        VALUES.put("delete_consumer_offsets.partitions", Values.of(List.of(0)));
        VALUES.put("count", Values.of(8));
        VALUES.put("configs", Values.of(Map.of("retention.ms", "86400000")));
        VALUES.put("set", Values.of(Map.of("retention.ms", "86400000")));
        VALUES.put("beforeOffsets", Values.of(Map.of("0", 1)));
        VALUES.put("partition", Values.of(0));
        VALUES.put("offset", Values.of("earliest"));
        VALUES.put("broker", Values.of(0));
        VALUES.put("filter", Values.of("*"));
        VALUES.put("symbols", Values.of(List.of("BTC")));
        VALUES.put("timeout", Values.of(200));
        VALUES.put("olderThanSeconds", Values.of(0));
        VALUES.put("minLag", Values.of(0));
        VALUES.put("after", Values.of("a"));
        for (String tool : List.of("get_records", "search_records", "tail_topic")) {
            VALUES.put(tool + ".partitions", Values.of(List.of(0)));
        }
        VALUES.put("fromTime", Values.of("2020-01-01T00:00:00Z"));
        VALUES.put("toTime", Values.of("2100-01-01T00:00:00Z"));
        VALUES.put("key", Values.of("k"));
        VALUES.put("headers", Values.of(Map.of("h", "v")));
        VALUES.put("fields", Values.of(Map.of("r", 1)));
        VALUES.put("text", Values.of("e"));
        VALUES.put("seconds", Values.of(1));
        VALUES.put("maxBytes", Values.of(1_000));
        VALUES.put("maxMegabytes", Values.of(1));
        VALUES.put("subject", new Values("a.orders-value", "b-secret-value", "b-nosuch-value"));
        VALUES.put("schema", Values.of("\"string\""));
        VALUES.put("type", Values.of("AVRO"));
        VALUES.put("version", Values.of(1));
        VALUES.put(
                "references",
                new Values(List.of(), List.of(reference("b-secret-value")), List.of(reference("b-nosuch-value"))));
        VALUES.put("records", Values.of(List.of(Map.of("value", Map.of("r", Map.of("r", 1))))));
        VALUES.put("producerId", Values.of(1));
        VALUES.put("cursor", Values.of("eA"));
        VALUES.put("planHash", Values.of("eA"));
        VALUES.put("sample", Values.of("eA"));
        VALUES.put("maxPartitions", Values.of(1));
        VALUES.put("maxGroups", Values.of(1));
        VALUES.put("maxMembers", Values.of(1));
        VALUES.put("top", Values.of(1));
        VALUES.put("state", Values.of("Empty"));
        VALUES.put("principal", Values.of("User:alice"));
        VALUES.put("resourceType", Values.of("topic"));
        VALUES.put("replicationFactor", Values.of(1));
        VALUES.put("reset", Values.of(List.of("segment.ms")));
        VALUES.put("beforeTime", Values.of("2020-01-01T00:00:00Z"));
        VALUES.put("timestamp", Values.of("2020-01-01T00:00:00Z"));
        VALUES.put("duration", Values.of("1h"));
        VALUES.put("shiftBy", Values.of(-1));
        VALUES.put("limit", Values.of(1));
    }

    private static Map<String, Object> reference(String subject) {
        return Map.of("name", "Ref", "subject", subject, "version", 1);
    }

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.alone(EmbeddedKafka.builder()
            .brokerProperty("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .brokerProperty("allow.everyone.if.no.acl.found", "true")
            .brokerProperty("super.users", "User:ANONYMOUS")
            .start());

    private static RegistryStandIn registry;
    private static LocalProducerRuntime runtime;
    private static KafkaProducer<String, String> transaction;
    private static KafkaConsumer<String, String> reader;
    private static final List<StatelessMCPServer> servers = new ArrayList<>();

    @BeforeAll
    static void prepare() throws Exception {
        for (String topic : List.of("a.orders", "a.other", SECRET, "a_b-secret", "b-secret-gone")) {
            world.kafka.createTopic(topic, 1);
            world.kafka.produce(topic, 0, 5);
        }
        world.kafka.commit("a.idle", "a.orders", 0, 1);
        world.kafka.commit("a.idle", SECRET, 0, 1);
        world.kafka.commit("a.idle", "b-secret-gone", 0, 1);
        world.kafka.commit("a.only", SECRET, 0, 1);
        world.kafka.commit(SECRET, "a.orders", 0, 1);
        world.kafka.commit(SECRET, SECRET, 0, 1);
        world.kafka.admin().deleteTopics(List.of("b-secret-gone")).all().get();
        reader = world.kafka.join("b-secret-live", "client", "a.orders", "classic");
        world.kafka
                .admin()
                .createAcls(Stream.of(
                                new ResourcePattern(ResourceType.TOPIC, SECRET, PatternType.LITERAL),
                                new ResourcePattern(ResourceType.TOPIC, "b-secret-", PatternType.PREFIXED),
                                new ResourcePattern(ResourceType.GROUP, "b-secret-", PatternType.PREFIXED),
                                new ResourcePattern(ResourceType.TRANSACTIONAL_ID, SECRET, PatternType.LITERAL),
                                new ResourcePattern(ResourceType.TOPIC, "a.", PatternType.PREFIXED))
                        .map(pattern -> new AclBinding(
                                pattern,
                                new AccessControlEntry("User:alice", "*", AclOperation.READ, AclPermissionType.ALLOW)))
                        .toList())
                .all()
                .get();
        Map<String, Object> properties = new HashMap<>(world.kafka.cluster().clientProperties());
        properties.put("transactional.id", SECRET);
        properties.put("transaction.timeout.ms", 600_000);
        transaction = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
        transaction.initTransactions();
        transaction.beginTransaction();
        transaction.send(new ProducerRecord<>("a.other", "open")).get();
        transaction.send(new ProducerRecord<>(SECRET, "open")).get();
        runtime = LocalProducerRuntime.builder(world.connection())
                .defaultTopic(SECRET)
                .build();
        startHidden(runtime, "b-secret-feed");
        servers.add(world.server);
        servers.add(new StreamingConsumerMCPServer(world.connection()));
        servers.add(new StreamingProducerMCPServer(runtime, KafkaOptions.defaults()));
        servers.add(new RealTimeDataMCPServer(world.connection()));
        servers.add(records());
        for (StatelessMCPServer server : servers.subList(1, servers.size())) {
            server.initialize();
        }
    }

    private static void startHidden(LocalProducerRuntime in, String sourceId) throws InterruptedException {
        var config = JsonNodeFactory.instance.objectNode().put("rate", 1);
        in.start(sourceId, in.read(config), Duration.ofSeconds(10));
    }

    /** Creates a server that shows records, among which are some that name schemas of hidden subjects. */
    private static RecordsMCPServer records() throws Exception {
        registry = RegistryStandIn.start();
        String hidden = "{\"type\":\"record\",\"name\":\"H\",\"fields\":[{\"name\":\"b-secret\",\"type\":\"int\"}]}";
        var ofSecret = registry.register("b-secret-value", "AVRO", hidden);
        registry.register(
                "b-secret-ref", "AVRO", hidden.replace("\"H\"", "\"Ref\"").replace(SECRET, "r"));
        registry.register(
                "a.orders-value",
                "AVRO",
                "{\"type\":\"record\",\"name\":\"O\",\"fields\":[{\"name\":\"r\",\"type\":\"Ref\"}]}",
                new Object[] {"Ref", "b-secret-ref", 1});
        var dangling = registry.register("a.orders-Order", "AVRO", "\"int\"", new Object[] {"Ref", "b-secret-gone", 7});
        byte[] content = {2};
        var byGlobalId = new ProducerRecord<>("a.orders", 0, (byte[]) null, content);
        byGlobalId.headers().add("__value_schema_id", ofSecret.header());
        Records.write(
                world,
                new ProducerRecord<>("a.orders", 0, ofSecret.framed(content), ofSecret.framed(content)),
                byGlobalId,
                new ProducerRecord<>("a.orders", 0, null, dangling.framed(content)));
        registry.object("The old schema b-secret-value:1 has another field.");
        return new RecordsMCPServer(
                world.connection(),
                KafkaOptions.builder()
                        .policy(KafkaPolicy.builder().produce(true).build())
                        .registry(RegistryConnection.to(registry.url()))
                        // It waits for records that do not come.
                        .server(ServerSettings.builder()
                                .toolTimeout("tail_topic", Duration.ofMillis(600))
                                .build())
                        .build());
    }

    @AfterAll
    static void stop() {
        servers.subList(1, servers.size()).forEach(StatelessMCPServer::close);
        runtime.close();
        transaction.close(Duration.ZERO);
        reader.close();
        registry.close();
    }

    static List<StatelessMCPServer> servers() {
        return servers;
    }

    /** An argument that is not tried could show or change what is hidden. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void everyArgument_isTried(StatelessMCPServer server) {
        assertThat(limited(server).untried(VALUES)).isEmpty();
    }

    @Test
    void toolsThatAPolicyAdds_areTried() {
        Set<String> tried = servers.stream()
                .flatMap(server -> server.tools().stream())
                .map(MCPTool::name)
                .collect(Collectors.toSet());
        var everything = new KafkaMCPServer(
                world.connection(),
                KafkaOptions.builder()
                        .policy(KafkaPolicy.builder()
                                .records(true)
                                .produce(true)
                                .build())
                        .registry(RegistryConnection.to(registry.url()))
                        .build());

        assertThat(everything.tools()).extracting(MCPTool::name).isSubsetOf(tried);
    }

    private static LimitedCaller limited(StatelessMCPServer server) {
        return new LimitedCaller(server, LIMITED);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void callsThatNameNothingHidden_showNothingHidden(StatelessMCPServer server) throws Exception {
        LimitedCaller limited = limited(server);
        for (ToolCall call : limited.harmless(VALUES)) {
            assertThat(limited.send(call)).as(call.toString()).doesNotContain(SECRET);
        }
        assertThat(limited.send("tools/list", Map.of())).doesNotContain(SECRET);
    }

    @Test
    void sameCalls_showItToACallerWithoutLimits() throws Exception {
        Set<String> telling = new TreeSet<>();
        for (StatelessMCPServer server : List.of(world.server, servers.get(4))) {
            LimitedCaller unlimited = new LimitedCaller(server, UNLIMITED);
            for (ToolCall call : unlimited.harmless(VALUES)) {
                if (!call.tool().equals("tail_topic") && unlimited.send(call).contains(SECRET)) {
                    telling.add(call.tool());
                }
            }
        }
        assertThat(telling)
                .contains(
                        "check_record_schema_compatibility",
                        "delete_topic",
                        "find_lagging_groups",
                        "find_open_transactions",
                        "get_consumer_lag",
                        "get_record_schema",
                        "get_records",
                        "list_abandoned_offsets",
                        "list_acls",
                        "list_consumer_groups",
                        "list_record_schemas",
                        "list_topics",
                        "reset_consumer_offset");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void hiddenNames_areAnsweredLikeMissingOnes(StatelessMCPServer server) throws Exception {
        String before = state();
        LimitedCaller limited = limited(server);
        for (Forbidden call : limited.forbidden(VALUES)) {
            String answer = limited.send(call.hidden());
            assertThat(answer.replace(SECRET, "b-nosuch"))
                    .as(call.hidden().toString())
                    .isEqualTo(limited.send(call.missing()));
            if (!call.hidden().tool().equals("list_acls")) {
                assertThat(answer).as(call.hidden().toString()).contains("\"isError\":true");
            }
        }
        assertThat(state()).isEqualTo(before);
    }

    private static String state() throws Exception {
        return world.kafka.admin().listTopics().names().get().contains(SECRET)
                + " " + world.kafka.committed(SECRET)
                + " " + world.kafka.committed("a.idle").keySet()
                + " "
                + runtime.status(Duration.ofSeconds(1)).stream()
                        .map(status -> status.sourceId() + status.state())
                        .toList();
    }

    @Test
    void planOfAnotherCaller_doesNotWidenTheLimits() throws Exception {
        try (MCPClient wide = MCPClient.inProcess(world.server, UNLIMITED)) {
            for (ToolCall change : List.of(
                    new ToolCall("delete_topic", Map.of("topic", SECRET)),
                    new ToolCall("delete_records", Map.of("topic", SECRET, "beforeOffsets", Map.of("0", 1))),
                    new ToolCall("delete_consumer_group", Map.of("groupId", SECRET)),
                    new ToolCall("delete_consumer_offsets", Map.of("groupId", "a.idle", "topic", SECRET)),
                    new ToolCall(
                            "reset_consumer_offset",
                            Map.of("groupId", "a.idle", "offsets", Map.of("b-secret:0", 0))))) {
                Map<String, Object> arguments = new HashMap<>(change.arguments());
                arguments.put("dryRun", true);
                String hash =
                        wide.call(change.tool(), arguments).path("planHash").asText();
                arguments.remove("dryRun");
                arguments.put("planHash", hash);
                assertThat(hash).isNotEmpty();
                assertThat(limited(world.server).send(new ToolCall(change.tool(), arguments)))
                        .as(change.toString())
                        .contains("NOT_ALLOWED");
            }
        }
    }

    @Test
    void cursorAndSampleOfAnotherCaller_showNothingHidden() throws Exception {
        try (MCPClient wide = MCPClient.inProcess(world.server, UNLIMITED)) {
            String sample = wide.call("get_consumer_lag", Map.of("groupId", "a.idle"))
                    .path("sample")
                    .asText();
            assertThat(sample).isNotEmpty();
            assertThat(limited(world.server)
                            .send(new ToolCall("get_consumer_lag", Map.of("groupId", "a.idle", "sample", sample))))
                    .doesNotContain(SECRET)
                    .doesNotContain("\"trend\"");
            // A page that begins behind b-r would begin with b-secret.
            for (String tool : List.of("list_consumer_groups", "list_abandoned_offsets")) {
                assertThat(limited(world.server).send(new ToolCall(tool, Map.of("after", "b-r"))))
                        .doesNotContain(SECRET);
            }
            String cursor = wide.call("list_topics", Map.of("limit", 1))
                    .path("nextCursor")
                    .asText();
            if (!cursor.isEmpty()) {
                assertThat(limited(world.server)
                                .send(new ToolCall("list_topics", Map.of("limit", 1, "cursor", cursor))))
                        .doesNotContain(SECRET);
            }
        }
    }

    @Test
    void resourcesPromptsAndCompletions_showNothingHidden() throws Exception {
        for (StatelessMCPServer server : servers) {
            LimitedCaller limited = limited(server);
            for (String list : List.of("resources/list", "resources/templates/list", "prompts/list")) {
                assertThat(limited.send(list, Map.of())).as(list).doesNotContain(SECRET);
            }
            for (String uri :
                    List.of("kafka://topics/%s", "kafka://groups/%s/lag", "kafka://groups/%s/lag?threshold=0")) {
                assertThat(limited.send("resources/read", Map.of("uri", uri.formatted(SECRET)))
                                .replace(SECRET, "b-nosuch"))
                        .isEqualTo(limited.send("resources/read", Map.of("uri", uri.formatted("b-nosuch"))))
                        .contains("error");
            }
            assertThat(limited.send("resources/read", Map.of("uri", "kafka://topics/a.orders"))
                            + limited.send("resources/read", Map.of("uri", "kafka://groups/a.idle/lag")))
                    .doesNotContain(SECRET);
            for (String typed : List.of("", "b", "b-", "secret", "a")) {
                for (Map<String, Object> completion : List.<Map<String, Object>>of(
                        completion("ref/resource", "uri", "kafka://topics/{topic}", "topic", typed),
                        completion("ref/resource", "uri", "kafka://groups/{group}/lag", "group", typed),
                        completion("ref/prompt", "name", "diagnose_consumer_lag", "groupId", typed),
                        completion("ref/prompt", "name", "diagnose_consumer_lag", "topic", typed))) {
                    assertThat(limited.send("completion/complete", completion))
                            .as(completion.toString())
                            .doesNotContain(SECRET);
                }
            }
        }
        assertThat(limited(world.server)
                        .send(
                                "completion/complete",
                                completion("ref/resource", "uri", "kafka://topics/{topic}", "topic", "")))
                .contains("a.orders");
    }

    private static Map<String, Object> completion(
            String type, String key, String reference, String argument, String typed) {
        return Map.of(
                "ref", Map.of("type", type, key, reference), "argument", Map.of("name", argument, "value", typed));
    }

    @Test
    void collisionWithAHiddenTopic_doesNotNameIt() throws Exception {
        Map<String, Object> topic = Map.of("name", "a.b-secret", "partitions", 1);
        assertThat(new LimitedCaller(world.server, UNLIMITED).send(new ToolCall("create_topic", topic)))
                .contains("a_b-secret");
        assertThat(limited(world.server).send(new ToolCall("create_topic", topic)))
                .contains("\"isError\":true")
                .doesNotContain("a_b-secret");
    }

    @Test
    void copyOfAHiddenTopic_isAnsweredLikeThatOfAMissingOne() throws Exception {
        LimitedCaller limited = limited(servers.get(2));
        for (String read : List.of("from", "into")) {
            String hidden = limited.send(copy("a-copy", read, SECRET));
            assertThat(hidden).contains("NOT_ALLOWED");
            assertThat(hidden.replace(SECRET, "b-nosuch")).isEqualTo(limited.send(copy("a-copy", read, "b-nosuch")));
        }
    }

    private static ToolCall copy(String sourceId, String way, String topic) {
        Map<String, Object> config = new HashMap<>(Map.of("type", "kafka-topic", "rate", 1));
        config.put("sourceTopic", way.equals("from") ? topic : "a.other");
        config.put("topic", way.equals("from") ? "a.orders" : topic);
        return new ToolCall("start_producer", Map.of("sourceId", sourceId, "config", config));
    }

    @Test
    void producerThatReadsAHiddenTopic_isHidden_thoughItWritesToAnAllowedOne() throws Exception {
        try (var own = LocalProducerRuntime.builder(world.connection()).build();
                var server = new StreamingProducerMCPServer(own, KafkaOptions.defaults())) {
            server.initialize();
            assertThat(new LimitedCaller(server, UNLIMITED).send(copy("b-secret-copy", "from", SECRET)))
                    .contains("running");
            LimitedCaller limited = limited(server);
            assertThat(limited.send(new ToolCall("get_producer_status", Map.of())))
                    .doesNotContain(SECRET);
            for (String tool : List.of("stop_producer", "pause_producer", "resume_producer", "set_producer_rate")) {
                Map<String, Object> arguments = new HashMap<>(Map.of("sourceId", "b-secret-copy"));
                if (tool.equals("set_producer_rate")) {
                    arguments.put("rate", 5);
                }
                assertThat(limited.send(new ToolCall(tool, arguments))).contains("PRODUCER_NOT_FOUND");
            }
            assertThat(limited.send(new ToolCall(
                            "start_producer",
                            Map.of("sourceId", "b-secret-copy", "config", Map.of("topic", "a.orders")))))
                    .contains("is taken");
            ProducerStatus status = own.status(Duration.ofSeconds(1)).get(0);
            assertThat(status.state().hasEnded()).isFalse();
            assertThat(status.metrics().rate()).isEqualTo(1);
        }
    }

    @Test
    void fullRuntime_doesNotNameHiddenProducers() throws Exception {
        try (var own = LocalProducerRuntime.builder(world.connection())
                        .defaultTopic(SECRET)
                        .maxRunning(1)
                        .build();
                var server = new StreamingProducerMCPServer(own, KafkaOptions.defaults())) {
            server.initialize();
            startHidden(own, "b-secret-first");
            ToolCall start = new ToolCall(
                    "start_producer", Map.of("sourceId", "a-other", "config", Map.of("topic", "a.orders", "rate", 1)));
            assertThat(limited(server).send(start))
                    .contains("TOO_MANY_PRODUCERS")
                    .doesNotContain(SECRET);
            assertThat(new LimitedCaller(server, UNLIMITED).send(start)).contains("b-secret-first");
        }
    }

    @Test
    void lagOnHiddenTopics_isNotNotified() throws Exception {
        try (var server = new StreamingConsumerMCPServer(
                world.connection(),
                KafkaOptions.builder()
                        .lagThreshold(500)
                        .lagCheckInterval(Duration.ofMillis(100))
                        .build())) {
            server.initialize();
            List<String> seenByLimited = new CopyOnWriteArrayList<>();
            List<String> seenByAll = new CopyOnWriteArrayList<>();
            List<String> ofHidden = new CopyOnWriteArrayList<>();
            limited(server).listen("kafka://groups/a.only/lag", seenByLimited);
            limited(server).listen("kafka://groups/b-secret/lag", ofHidden);
            new LimitedCaller(server, UNLIMITED).listen("kafka://groups/a.only/lag", seenByAll);
            await().until(() -> !seenByLimited.isEmpty() && !seenByAll.isEmpty());
            // The first measurement is what later ones are compared with.
            Thread.sleep(1_000);
            world.kafka.produce(SECRET, 0, 1_000);
            await().until(() -> seenByAll.toString().contains("notifications/resources/updated"));
            assertThat(seenByLimited.toString() + ofHidden).doesNotContain("notifications/resources/updated");
        }
    }
}
