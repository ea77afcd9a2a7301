package io.qicore.mcp.kafka.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.kafka.KafkaMCPServer;
import io.qicore.mcp.kafka.StreamingConsumerMCPServer;
import io.qicore.mcp.kafka.internal.admin.Calls;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPolicyTest {

    private final Admin admin = mock(Admin.class);

    @Test
    void defaults_allowEverythingAndConfirmWhatDestroys() {
        var policy = KafkaPolicy.defaults();

        assertThat(policy.readOnly()).isFalse();
        assertThat(policy.allowsTool("delete_topic")).isTrue();
        assertThat(policy.allowsTopic("any")).isTrue();
        assertThat(policy.allowsGroup("")).isTrue();
        assertThat(policy.confirmation()).isEqualTo(ConfirmationMode.DESTRUCTIVE);
    }

    @Test
    void toBuilder_keepsWhatIsNotSetAgain() {
        var policy = KafkaPolicy.builder()
                .readOnly(true)
                .tools("list_*")
                .topics("orders-*")
                .groups("billing")
                .confirmation(ConfirmationMode.ALWAYS)
                .build();

        var changed = policy.toBuilder().readOnly(false).build();

        assertThat(changed.readOnly()).isFalse();
        assertThat(changed.tools()).containsExactly("list_*");
        assertThat(changed.topics()).containsExactly("orders-*");
        assertThat(changed.groups()).containsExactly("billing");
        assertThat(changed.confirmation()).isEqualTo(ConfirmationMode.ALWAYS);
    }

    @Test
    void records_areOffByDefault_andKeptByToBuilder() {
        var policy = KafkaPolicy.builder()
                .records(true)
                .produce(true)
                .maskedFields(" email ", "card.*", "email")
                .unmaskedScope("records:unmasked")
                .build();

        assertThat(KafkaPolicy.defaults().records()).isFalse();
        assertThat(KafkaPolicy.defaults().produce()).isFalse();
        assertThat(KafkaPolicy.defaults().maskedFields()).isEmpty();
        var same = policy.toBuilder().build();
        assertThat(same.records()).isTrue();
        assertThat(same.produce()).isTrue();
        assertThat(same.maskedFields()).containsExactly("email", "card.*");
        assertThat(same.unmaskedScope()).contains("records:unmasked");
        assertThat(same).hasToString(policy.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "a.", ".a", "a..b"})
    void nameOfAMaskedField_isChecked(String name) {
        assertThatThrownBy(() -> KafkaPolicy.builder().maskedFields("email", name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name of a masked field");
    }

    @Test
    void fieldsAreMasked_forEveryoneWithoutTheScope() {
        var all = KafkaPolicy.builder().maskedFields("email").build();
        var some = all.toBuilder().unmaskedScope("pii").build();
        Caller caller = Caller.of("alice").withScopes(Set.of("read", "pii"));

        assertThat(all.masksFor(caller)).isTrue();
        assertThat(some.masksFor(caller)).isFalse();
        assertThat(some.masksFor(Caller.of("pii"))).isTrue();
        assertThat(some.masksFor(Caller.of("bob").withScopes(Set.of("PII", "pii2", "admin"))))
                .isTrue();
        assertThat(some.masksFor(Caller.ANONYMOUS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\"b", "a\\b", "\u00e4", "a\n"})
    void unmaskedScope_isChecked(String scope) {
        assertThatThrownBy(() -> KafkaPolicy.builder().unmaskedScope(scope))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a scope");
        assertThatThrownBy(() -> KafkaSettings.table()
                        .read(Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1", "KAFKA_TOOLS_UNMASKED_SCOPE", "a b")))
                .hasMessageContaining("KAFKA_TOOLS_UNMASKED_SCOPE");
    }

    @Test
    void applicationsAdmin_cannotReadRecords() {
        for (var policy : new KafkaPolicy[] {
            KafkaPolicy.builder().records(true).build(),
            KafkaPolicy.builder().produce(true).build()
        }) {
            assertThatThrownBy(() -> new KafkaMCPServer(
                            admin, KafkaOptions.builder().policy(policy).build()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("KafkaConnection");
        }
    }

    @Test
    void emptyOrBlankList_isRefused() {
        for (String[] wrong : new String[][] {{}, {"a", " "}}) {
            assertThatThrownBy(() -> KafkaPolicy.builder().tools(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("allowed tools");
            assertThatThrownBy(() -> KafkaPolicy.builder().topics(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("allowed topics");
            assertThatThrownBy(() -> KafkaPolicy.builder().groups(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("allowed groups");
        }
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

    @Test
    void readOnly_offersNoToolThatWrites() {
        var policy = KafkaPolicy.builder().readOnly(true).build();

        assertThat(new KafkaMCPServer(admin, options(policy)).tools())
                .isNotEmpty()
                .allMatch(tool -> tool.annotations().readOnlyHint());
        assertThat(new StreamingConsumerMCPServer(admin, options(policy)).tools())
                .isNotEmpty()
                .allMatch(tool -> tool.annotations().readOnlyHint());
    }

    @Test
    void allowedTools_areTheOnlyOnes() {
        var policy = KafkaPolicy.builder().tools("list_topics", "reset_*").build();

        assertThat(new KafkaMCPServer(admin, options(policy)).tools())
                .extracting(MCPTool::name)
                .containsExactly("list_topics", "reset_consumer_offset");
    }

    @Test
    void policyThatLeavesNoTool_isRefused() {
        var server = new KafkaMCPServer(
                admin, options(KafkaPolicy.builder().tools("get_topik").build()));

        assertThatThrownBy(server::tools).hasMessageContaining("allows no tool").hasMessageContaining("get_topik");
    }

    @ParameterizedTest
    @ValueSource(strings = {"payments", "__consumer_offsets", "__transaction_state", "__anything"})
    void forbiddenOrInternalTopic_isNeitherCreatedNorChanged(String topic) {
        var policy = KafkaPolicy.builder().topics("orders-*", "__*").build();
        var server = new KafkaMCPServer(admin, options(policy));

        assertNotAllowed(server, "create_topic", Map.of("name", topic, "partitions", 1));
        assertNotAllowed(server, "add_partitions", Map.of("topic", topic, "count", 9));
        verifyNoInteractions(admin);
    }

    @Test
    void forbiddenTopicOrGroup_isNeitherMeasuredNorMoved() {
        var policy = KafkaPolicy.builder().topics("orders-*").groups("billing").build();
        var server = new StreamingConsumerMCPServer(admin, options(policy));

        assertNotAllowed(server, "get_consumer_lag", Map.of("topic", "payments"));
        assertNotAllowed(server, "get_consumer_lag", Map.of("topic", "orders-1", "groupId", "audit"));
        assertNotAllowed(
                server,
                "reset_consumer_offset",
                Map.of("groupId", "audit", "topic", "orders-1", "partition", 0, "offset", "latest"));
        verifyNoInteractions(admin);
    }

    private static KafkaOptions options(KafkaPolicy policy) {
        return KafkaOptions.builder().policy(policy).build();
    }

    private static void assertNotAllowed(StatelessMCPServer server, String tool, Map<String, ?> arguments) {
        assertThatThrownBy(() -> Calls.call(server, tool, arguments))
                .as(tool)
                .isInstanceOfSatisfying(MCPToolError.class, error -> assertThat(error.is(KafkaErrorCode.NOT_ALLOWED))
                        .isTrue());
    }
}
