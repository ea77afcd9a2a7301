package io.qicore.mcp.kafka.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import io.qicore.mcp.kafka.KafkaMCPServer;
import io.qicore.mcp.kafka.StreamingConsumerMCPServer;
import io.qicore.mcp.kafka.internal.admin.Calls;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPolicyTest {

    private final Admin admin = mock(Admin.class);

    @Test
    void standard_allowsEverythingAndAsksWhereItCan() {
        var policy = KafkaPolicy.fromSettings(Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"));

        assertThat(policy.readOnly()).isFalse();
        assertThat(policy.allowsTool("delete_topic")).isTrue();
        assertThat(policy.allowsTopic("any")).isTrue();
        assertThat(policy.allowsGroup("")).isTrue();
        assertThat(policy.confirmation()).isEqualTo(ConfirmationMode.DESTRUCTIVE);
    }

    @Test
    void fromSettings_readsEveryKey() {
        var policy = KafkaPolicy.fromSettings(Map.of(
                "KAFKA_TOOLS_READ_ONLY", "TRUE",
                "KAFKA_TOOLS_ALLOWED", "get_*, list_topics",
                "KAFKA_TOOLS_TOPICS", "orders-*,payments",
                "KAFKA_TOOLS_GROUPS", "team.a-?",
                "KAFKA_TOOLS_CONFIRMATION", "always",
                "KAFKA_TOOLS_SIGNING_KEY", "0123456789abcdef",
                "KAFKA_TOOLS_LAG_THRESHOLD", "500",
                "KAFKA_TOOLS_LAG_CHECK_SECONDS", "30"));

        assertThat(policy.readOnly()).isTrue();
        assertThat(policy.allowsTool("get_metadata")).isTrue();
        assertThat(policy.allowsTool("list_acls")).isFalse();
        assertThat(policy.topics()).containsExactly("orders-*", "payments");
        assertThat(policy.groups()).containsExactly("team.a-?");
        assertThat(policy.confirmation()).isEqualTo(ConfirmationMode.ALWAYS);
        assertThat(policy.signingKey()).isEqualTo("0123456789abcdef".getBytes());
        assertThat(policy.lagThreshold()).isEqualTo(500);
        assertThat(policy.lagCheckInterval()).hasSeconds(30);
        assertThat(policy.toString()).contains("read-only", "orders-*").doesNotContain("0123456789abcdef");
    }

    @ParameterizedTest
    @CsvSource({
        "orders-*,orders-,true",
        "orders-*,orders-eu.v1,true",
        "orders-*,orders,false",
        "orders-*,my-orders-eu,false",
        "*.v?,a.v1,true",
        "*.v?,a.v12,false",
        "a.b,a.b,true",
        "a.b,axb,false",
        "a**b,a-b,true",
        "[a]*,a,false",
        "[a]*,[a]1,true"
    })
    void pattern_fitsWholeNames(String pattern, String name, boolean fits) {
        assertThat(KafkaPolicy.builder().topics(pattern).build().allowsTopic(name))
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_TOOLS_READ_ONLY,yes,true or false",
        "KAFKA_TOOLS_TOPICS,'a,,b',empty entry",
        "KAFKA_TOOLS_GROUPS,'',empty entry",
        "KAFKA_TOOLS_CONFIRMATION,sometimes,'when-supported, always or never'",
        "KAFKA_TOOLS_SIGNING_KEY,short,at least 16",
        "KAFKA_TOOLS_SIGNING_KEY_FILE,/does/not/exist,cannot read",
        "KAFKA_TOOLS_LAG_THRESHOLD,-1,0 or more",
        "KAFKA_TOOLS_LAG_CHECK_SECONDS,0,100 ms or more",
        "KAFKA_TOOLS_LAG_CHECK_SECONDS,often,whole number",
        "KAFKA_TOOLS_READONLY,true,Did you mean KAFKA_TOOLS_READ_ONLY?"
    })
    void wrongSetting_isRefusedByName(String key, String value, String said) {
        assertThatThrownBy(() -> KafkaPolicy.fromSettings(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(said);
    }

    @Test
    void shortSigningKey_isNotRepeatedInTheMessage() {
        assertThatThrownBy(() -> KafkaPolicy.builder().signingKey("hunter2"))
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void signingKey_comesFromAFileToo(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("key"), "0123456789abcdef\n");

        assertThat(KafkaPolicy.fromSettings(Map.of("KAFKA_TOOLS_SIGNING_KEY_FILE", file.toString()))
                        .signingKey())
                .isEqualTo("0123456789abcdef".getBytes());
    }

    @Test
    void randomSigningKeys_differ() {
        assertThat(KafkaPolicy.defaults().signingKey())
                .isNotEqualTo(KafkaPolicy.defaults().signingKey());
    }

    @Test
    void readOnly_offersNoToolThatWrites() {
        var policy = KafkaPolicy.builder().readOnly(true).build();

        assertThat(new KafkaMCPServer(admin, policy).tools()).isNotEmpty().allMatch(tool -> tool.annotations()
                .readOnlyHint());
        assertThat(new StreamingConsumerMCPServer(admin, policy).tools())
                .isNotEmpty()
                .allMatch(tool -> tool.annotations().readOnlyHint());
    }

    @Test
    void allowedTools_areTheOnlyOnes() {
        var policy = KafkaPolicy.builder().tools("list_topics", "reset_*").build();

        assertThat(new KafkaMCPServer(admin, policy).tools())
                .extracting(MCPTool::name)
                .containsExactly("list_topics", "reset_consumer_offset");
    }

    @Test
    void policyThatLeavesNoTool_isRefused() {
        var server = new KafkaMCPServer(
                admin, KafkaPolicy.builder().tools("get_topik").build());

        assertThatThrownBy(server::tools).hasMessageContaining("no tool").hasMessageContaining("get_topik");
    }

    @ParameterizedTest
    @ValueSource(strings = {"payments", "__consumer_offsets", "__transaction_state", "__anything"})
    void forbiddenOrInternalTopic_isNeitherCreatedNorChanged(String topic) {
        var policy = KafkaPolicy.builder().topics("orders-*", "__*").build();
        var server = new KafkaMCPServer(admin, policy);

        assertNotAllowed(server, "create_topic", Map.of("name", topic, "partitions", 1));
        assertNotAllowed(server, "add_partitions", Map.of("topic", topic, "count", 9));
        verifyNoInteractions(admin);
    }

    @Test
    void forbiddenTopicOrGroup_isNeitherMeasuredNorMoved() {
        var policy = KafkaPolicy.builder().topics("orders-*").groups("billing").build();
        var server = new StreamingConsumerMCPServer(admin, policy);

        assertNotAllowed(server, "get_consumer_lag", Map.of("topic", "payments"));
        assertNotAllowed(server, "get_consumer_lag", Map.of("topic", "orders-1", "groupId", "audit"));
        assertNotAllowed(
                server,
                "reset_consumer_offset",
                Map.of("groupId", "audit", "topic", "orders-1", "partition", 0, "offset", "latest"));
        verifyNoInteractions(admin);
    }

    private static void assertNotAllowed(StatelessMCPServer server, String tool, Map<String, ?> arguments) {
        assertThatThrownBy(() -> Calls.call(server, tool, arguments))
                .as(tool)
                .isInstanceOfSatisfying(MCPToolError.class, error -> assertThat(error.is(KafkaErrorCode.NOT_ALLOWED))
                        .isTrue());
    }
}
