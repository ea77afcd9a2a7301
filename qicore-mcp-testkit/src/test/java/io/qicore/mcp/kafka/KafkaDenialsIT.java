package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.live.RealTimeDataMCPServer;
import io.qicore.mcp.kafka.producer.StreamingProducerMCPServer;
import io.qicore.mcp.kafka.records.RecordsMCPServer;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.utils.SecurityUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server whose principal has no rights at all. Each tool is called until it succeeds, and after each denial exactly the
 * command of the denial is carried out. So the denials name everything that a tool needs, and each of them is of use.
 */
class KafkaDenialsIT {

    private static final String PRINCIPAL = "User:agent";
    private static final Pattern GRANT = Pattern.compile("kafka-acls --bootstrap-server \\S+ --add --allow-principal "
            + PRINCIPAL + " --operation (\\w+) (?:--(topic|group) ([\\w.-]+)|--cluster)");

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.alone(EmbeddedKafka.builder()
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
            .start());

    private static final List<StatelessMCPServer> servers = new ArrayList<>();
    private static final Map<String, MCPClient> byTool = new HashMap<>();

    @BeforeAll
    static void prepare() throws Exception {
        world.kafka.createTopic("orders", 1);
        world.kafka.createTopic("payments", 1);
        world.kafka.produce("orders", 0, 5);
        world.kafka.commit("billing", "orders", 0, 1);
        var connection = new KafkaConnection(Map.of(
                "bootstrap.servers",
                world.kafka.cluster().bootstrapServers("SASL"),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                PlainLoginModule.class.getName() + " required username=\"agent\" password=\"secret\";"));
        servers.add(new KafkaMCPServer(connection));
        servers.add(new StreamingProducerMCPServer(connection));
        servers.add(new RealTimeDataMCPServer(connection, "orders", KafkaOptions.defaults()));
        servers.add(new RecordsMCPServer(
                connection,
                KafkaOptions.builder()
                        .policy(KafkaPolicy.builder().produce(true).build())
                        .build()));
        for (StatelessMCPServer server : servers) {
            server.initialize();
            MCPClient client = MCPClient.inProcess(server);
            server.tools().forEach(tool -> byTool.put(tool.name(), client));
        }
    }

    @AfterAll
    static void close() {
        byTool.values().forEach(MCPClient::close);
        servers.forEach(StatelessMCPServer::close);
    }

    @BeforeEach
    void withoutRights() throws Exception {
        var all = new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter(PRINCIPAL, null, AclOperation.ANY, AclPermissionType.ANY));
        var admin = world.kafka.admin();
        admin.deleteAcls(List.of(all)).all().get();
        // The controller has deleted them; it takes the broker, which answers this, a moment to learn it.
        await().until(() -> admin.describeAcls(all).values().get().isEmpty());
    }

    /** These tools command a producer that runs already and ask Kafka for nothing. */
    private static final Set<String> PRODUCER_COMMANDS =
            Set.of("stop_producer", "pause_producer", "resume_producer", "set_producer_rate");

    /** A call of a tool, and the fewest denials on the way to its success. */
    record Case(String tool, Map<String, Object> arguments, int denials) {}

    static Stream<Case> calls() {
        var preview = Map.<String, Object>of("dryRun", true);
        return Stream.of(
                new Case("list_topics", Map.of(), 0),
                new Case("get_metadata", Map.of(), 0),
                new Case("get_topic_metadata", Map.of("topic", "orders"), 1),
                new Case("get_cluster_health", Map.of(), 0),
                new Case("get_broker_config", Map.of("broker", 0), 1),
                new Case("list_reassignments", Map.of(), 1),
                new Case("list_quotas", Map.of(), 1),
                new Case("list_acls", Map.of(), 1),
                new Case("find_open_transactions", Map.of("topic", "orders"), 1),
                new Case("create_topic", Map.of("name", "new", "partitions", 1, "validateOnly", true), 1),
                new Case("add_partitions", Map.of("topic", "orders", "count", 2), 2),
                new Case("alter_topic_config", Map.of("topic", "orders", "set", Map.of("segment.ms", 7_200_000)), 3),
                new Case("delete_records", with(preview, "topic", "orders", "beforeOffsets", Map.of("0", 2)), 2),
                new Case("delete_topic", with(preview, "topic", "orders"), 2),
                new Case("list_consumer_groups", Map.of(), 0),
                new Case("find_lagging_groups", Map.of(), 0),
                new Case("list_abandoned_offsets", Map.of(), 0),
                new Case("describe_consumer_group", Map.of("groupId", "billing"), 1),
                new Case("get_consumer_lag", Map.of("groupId", "billing"), 1),
                new Case("get_consumer_lag", Map.of("topic", "orders"), 1),
                new Case("explain_lag", Map.of("groupId", "billing"), 1),
                new Case(
                        "reset_consumer_offset",
                        with(preview, "groupId", "billing", "topic", "orders", "offset", "earliest"),
                        3),
                new Case("delete_consumer_offsets", with(preview, "groupId", "billing", "topic", "orders"), 3),
                new Case("delete_consumer_group", with(preview, "groupId", "billing"), 2),
                new Case(
                        "start_producer",
                        Map.of("sourceId", "p", "config", Map.of("topic", "orders", "candlesPerSymbol", 1)),
                        1),
                new Case(
                        "start_producer",
                        Map.of(
                                "sourceId",
                                "copy",
                                "config",
                                Map.of(
                                        "type",
                                        "kafka-topic",
                                        "topic",
                                        "orders",
                                        "sourceTopic",
                                        "payments",
                                        "follow",
                                        false)),
                        2),
                new Case("get_records", Map.of("topic", "orders"), 2),
                new Case("search_records", Map.of("topic", "orders", "text", "record"), 2),
                new Case("produce_records", Map.of("topic", "orders", "records", List.of(Map.of("value", "v"))), 2),
                new Case("tail_topic", Map.of("topic", "orders", "seconds", 1), 2),
                new Case("get_live_prices", Map.of("symbols", List.of("BTC"), "timeout", 1), 1));
    }

    private static Map<String, Object> with(Map<String, Object> base, Object... more) {
        Map<String, Object> all = new HashMap<>(base);
        for (int i = 0; i < more.length; i += 2) {
            all.put((String) more[i], more[i + 1]);
        }
        return all;
    }

    @Test
    void everyToolThatAsksKafka_hasACase() {
        assertThat(calls().map(Case::tool))
                .containsAll(servers.get(0).tools().stream().map(MCPTool::name).toList())
                .containsAll(servers.get(3).tools().stream()
                        .map(MCPTool::name)
                        // Needs a transaction that hangs.
                        .filter(name -> !name.equals("abort_transaction"))
                        .toList())
                .contains("start_producer", "get_live_prices");
    }

    @ParameterizedTest
    @MethodSource("calls")
    void denials_nameWhatGrantsSuccess(Case call) throws Exception {
        List<String> granted = new ArrayList<>();
        for (int attempt = 0; attempt < 200; attempt++) {
            try {
                JsonNode answer = byTool.get(call.tool()).call(call.tool(), call.arguments());
                assertThat(answer).isNotNull();
                assertThat(granted).hasSizeGreaterThanOrEqualTo(call.denials());
                return;
            } catch (MCPToolError e) {
                assertThat(e.is(StandardErrorCode.NOT_AUTHORIZED))
                        .as(call.tool() + " after " + granted + ": " + e)
                        .isTrue();
                assertThat(e.context()).containsEntry("principal", PRINCIPAL).containsKey("missing");
                String grant = grant(e);
                if (granted.contains(grant)) {
                    // It takes the broker a moment to learn about the last one.
                    Thread.sleep(20);
                } else {
                    granted.add(grant);
                }
            }
        }
        throw new AssertionError(call.tool() + " is still denied after " + granted);
    }

    /** A change that lacks one access and has all others. */
    record Lacking(
            String tool, Map<String, Object> arguments, AclOperation operation, ResourceType type, String name) {}

    static Stream<Lacking> changes() {
        Map<String, Object> reset = Map.of("groupId", "billing", "topic", "orders", "offset", "latest");
        Map<String, Object> offsets = Map.of("groupId", "billing", "topic", "orders");
        return Stream.of(
                onTopic("create_topic", Map.of("name", "fresh", "partitions", 1), AclOperation.CREATE, "fresh"),
                onTopic("add_partitions", Map.of("topic", "orders", "count", 5), AclOperation.ALTER, "orders"),
                onTopic(
                        "alter_topic_config",
                        Map.of("topic", "orders", "set", Map.of("retention.ms", 1)),
                        AclOperation.ALTER_CONFIGS,
                        "orders"),
                onTopic(
                        "delete_records",
                        Map.of("topic", "orders", "beforeOffsets", Map.of("0", 3)),
                        AclOperation.DELETE,
                        "orders"),
                onTopic("delete_topic", Map.of("topic", "orders"), AclOperation.DELETE, "orders"),
                onTopic(
                        "produce_records",
                        Map.of("topic", "orders", "records", List.of(Map.of("value", "v"))),
                        AclOperation.WRITE,
                        "orders"),
                onTopic("reset_consumer_offset", reset, AclOperation.READ, "orders"),
                onGroup("reset_consumer_offset", reset, AclOperation.READ),
                new Lacking(
                        "reset_consumer_offset",
                        Map.of("groupId", "brand-new", "topic", "orders", "offset", "latest", "createGroup", true),
                        AclOperation.READ,
                        ResourceType.GROUP,
                        "brand-new"),
                onTopic("delete_consumer_offsets", offsets, AclOperation.READ, "orders"),
                onGroup("delete_consumer_offsets", offsets, AclOperation.DELETE),
                onGroup("delete_consumer_group", Map.of("groupId", "billing"), AclOperation.DELETE),
                onTopic(
                        "start_producer",
                        Map.of("sourceId", "denied", "config", Map.of("topic", "orders")),
                        AclOperation.WRITE,
                        "orders"));
    }

    private static Lacking onTopic(String tool, Map<String, Object> arguments, AclOperation operation, String topic) {
        return new Lacking(tool, arguments, operation, ResourceType.TOPIC, topic);
    }

    private static Lacking onGroup(String tool, Map<String, Object> arguments, AclOperation operation) {
        return new Lacking(tool, arguments, operation, ResourceType.GROUP, "billing");
    }

    @Test
    void everyToolThatChangesSomething_hasADeniedChange() {
        Set<String> writers = byTool.keySet().stream()
                .filter(name -> !PRODUCER_COMMANDS.contains(name))
                // Needs a right on the cluster, see below.
                .filter(name -> !name.equals("abort_transaction"))
                .filter(name -> servers.stream()
                        .flatMap(server -> server.tools().stream())
                        .anyMatch(tool ->
                                tool.name().equals(name) && !tool.annotations().equals(ToolAnnotations.readOnly())))
                .collect(Collectors.toSet());

        assertThat(changes().map(Lacking::tool).collect(Collectors.toSet())).isEqualTo(writers);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void changeThatLacksOneAccess_namesIt_inThePreviewToo_andChangesNothing(Lacking call) throws Exception {
        var before = state();
        // With one request, so that the change is never allowed.
        world.kafka
                .admin()
                .createAcls(List.of(
                        acl(call.operation(), call.type(), call.name(), AclPermissionType.DENY),
                        acl(AclOperation.ALL, ResourceType.TOPIC, "*", AclPermissionType.ALLOW),
                        acl(AclOperation.ALL, ResourceType.GROUP, "*", AclPermissionType.ALLOW)))
                .all()
                .get();
        Map<String, Object> missing = Map.of(
                "operation",
                SecurityUtils.operationName(call.operation()),
                "resourceType",
                call.type().name(),
                "resourceName",
                call.name());
        boolean previews = servers.stream()
                .flatMap(server -> server.tools().stream())
                .anyMatch(tool -> tool.name().equals(call.tool())
                        && tool.inputSchema().path("properties").has("dryRun"));

        for (Map<String, Object> arguments : previews
                ? List.of(with(call.arguments(), "dryRun", true), call.arguments())
                : List.of(call.arguments())) {
            await().untilAsserted(() -> {
                var error = failure(call.tool(), arguments);
                assertThat(error.is(StandardErrorCode.NOT_AUTHORIZED))
                        .as(error.toString())
                        .isTrue();
                assertThat(error.context())
                        .containsEntry("missing", List.of(missing))
                        .containsEntry("principal", PRINCIPAL);
                assertThat(error.context().get("grant").toString())
                        .contains(
                                "--operation " + missing.get("operation"),
                                "--" + call.type().name().toLowerCase(Locale.ROOT) + " " + call.name());
            });
        }
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void abortOfATransaction_needsAlterOnTheCluster_inThePreviewToo() throws Exception {
        world.kafka
                .admin()
                .createAcls(List.of(acl(AclOperation.ALL, ResourceType.TOPIC, "*", AclPermissionType.ALLOW)))
                .all()
                .get();
        for (boolean preview : new boolean[] {true, false}) {
            await().untilAsserted(() -> {
                var error = failure("abort_transaction", Map.of("topic", "orders", "producerId", 1, "dryRun", preview));
                assertThat(error.is(StandardErrorCode.NOT_AUTHORIZED))
                        .as(error.toString())
                        .isTrue();
                assertThat(error).hasMessageContaining("--operation Alter --cluster");
            });
        }
    }

    /** Returns everything that the changes could change. */
    private static List<Object> state() throws Exception {
        var admin = world.kafka.admin();
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
        var partition = new TopicPartition("orders", 0);
        return List.of(
                admin.listTopics().names().get(),
                admin.describeTopics(List.of("orders")).allTopicNames().get(),
                admin.describeConfigs(List.of(topic))
                        .all()
                        .get()
                        .get(topic)
                        .get("retention.ms")
                        .value(),
                admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                        .all()
                        .get()
                        .get(partition)
                        .offset(),
                world.kafka.committed("billing"),
                byTool.get("get_producer_status")
                        .call("get_producer_status", Map.of())
                        .path("producers")
                        .findValuesAsText("sourceId"));
    }

    private static AclBinding acl(
            AclOperation operation, ResourceType type, String name, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry(PRINCIPAL, "*", operation, permission));
    }

    @Test
    void groupThatMayNotBeSeen_isNotToldAsMissing() {
        var error = failure("describe_consumer_group", Map.of("groupId", "billing"));
        assertThat(error.is(StandardErrorCode.NOT_AUTHORIZED)).isTrue();
        assertThat(error).hasMessageContaining("Describe on group 'billing'");
    }

    @Test
    void groupThatDoesNotExist_isToldAsMissing_toThoseWhoMayKnow() throws Exception {
        grant(AclOperation.DESCRIBE, ResourceType.GROUP, "absent");
        await().until(() ->
                failure("describe_consumer_group", Map.of("groupId", "absent")).is(KafkaErrorCode.GROUP_NOT_FOUND));
    }

    @Test
    void emptyLists_sayThatRightsMayBeMissing() {
        for (String tool : List.of("list_topics", "list_consumer_groups", "find_lagging_groups")) {
            assertThat(byTool.get(tool).call(tool, Map.of()).path("warnings").toString())
                    .as(tool)
                    .contains("may be hidden", "kafka-acls", PRINCIPAL);
        }
    }

    @Test
    void healthWithoutRights_isNotDegraded_andSaysWhatItCouldNotSee() {
        var health = byTool.get("get_cluster_health").call("get_cluster_health", Map.of());

        assertThat(health.path("status").textValue()).as(health.toString()).isEqualTo("OK");
        assertThat(health.path("warnings").toString()).contains("Describe on the cluster");
        assertThat(health.has("unanswered")).isFalse();
    }

    private static MCPToolError failure(String tool, Map<String, ?> arguments) {
        return Tools.failure(byTool.get(tool), tool, arguments);
    }

    private static String grant(MCPToolError denial) throws Exception {
        List<String> commands = new ArrayList<>();
        Matcher grant = GRANT.matcher(String.valueOf(denial.getMessage()));
        while (grant.find()) {
            commands.add(grant.group());
            var type = grant.group(2) == null
                    ? ResourceType.CLUSTER
                    : SecurityUtils.resourceType(grant.group(2).substring(0, 1).toUpperCase(Locale.ROOT)
                            + grant.group(2).substring(1));
            grant(
                    SecurityUtils.operation(grant.group(1)),
                    type,
                    grant.group(3) == null ? "kafka-cluster" : grant.group(3));
        }
        assertThat(commands).as(denial.toString()).isNotEmpty();
        return commands.toString();
    }

    private static void grant(AclOperation operation, ResourceType type, String name) throws Exception {
        world.kafka
                .admin()
                .createAcls(List.of(acl(operation, type, name, AclPermissionType.ALLOW)))
                .all()
                .get();
    }
}
