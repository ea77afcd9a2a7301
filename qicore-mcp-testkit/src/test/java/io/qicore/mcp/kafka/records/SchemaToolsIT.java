package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.RegistryStandIn;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.access.RegistryConnection;
import io.qicore.mcp.server.ServerSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The tools that show and check the schemas of a registry. */
class SchemaToolsIT {

    @AutoClose
    private static final RegistryStandIn registry = registry();

    @AutoClose
    private static final KafkaWorld world =
            KafkaWorld.shared(connection -> new RecordsMCPServer(connection, options()));

    private static RegistryStandIn registry() {
        try {
            return RegistryStandIn.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KafkaOptions options(String... masked) {
        return KafkaOptions.builder()
                .policy(KafkaPolicy.builder().maskedFields(masked).build())
                .registry(RegistryConnection.to(registry.url()).timeout(Duration.ofSeconds(10)))
                // The first Protobuf schema loads many classes, which takes long on a busy machine.
                .server(ServerSettings.builder()
                        .callTimeout(Duration.ofMinutes(1))
                        .build())
                .build();
    }

    @BeforeAll
    static void register() {
        registry.register("addresses", "AVRO", "\"int\"");
        registry.register("orders-value", "AVRO", "\"a.Address\"", new Object[] {"a.Address", "addresses", 1});
    }

    @Test
    void schemaTools_showTheRegistry_withinThePolicy() throws Exception {
        registry.register("tools-value", "AVRO", "\"int\"");
        registry.register("tools-value", "AVRO", "\"long\"");
        registry.register("a/b c?x=1-value", "JSON", "{}");

        var listed = world.call("list_record_schemas", Map.of("filter", "tools-*"));
        assertThat(listed.path("subjects").path(0).path("subject").textValue()).isEqualTo("tools-value");
        assertThat(listed.path("subjects").path(0).path("version").intValue()).isEqualTo(2);
        assertThat(listed.path("subjects").path(0).path("type").textValue()).isEqualTo("AVRO");
        var got = world.call("get_record_schema", Map.of("topic", "tools"));
        assertThat(got.path("schema").textValue()).isEqualTo("\"long\"");
        assertThat(got.path("versions")).containsExactly(json("1"), json("2"));
        assertThat(got.path("compatibility").textValue()).isEqualTo("BACKWARD");
        assertThat(world.call("get_record_schema", Map.of("subject", "tools-value", "version", 1))
                        .path("schema")
                        .textValue())
                .isEqualTo("\"int\"");
        assertThat(world.call("get_record_schema", Map.of("subject", "a/b c?x=1-value"))
                        .path("type")
                        .textValue())
                .isEqualTo("JSON");
        assertThat(world.call("get_record_schema", Map.of("topic", "orders")).path("references"))
                .hasSize(1);
        assertThat(world.failure("get_record_schema", Map.of("topic", "toolz")))
                .matches(e -> e.is(KafkaErrorCode.SCHEMA_NOT_FOUND))
                .hasMessageContaining("Did you mean 'tools-value'?");
        assertThat(world.failure("get_record_schema", Map.of("subject", "..")))
                .matches(e -> e.is(KafkaErrorCode.SCHEMA_NOT_FOUND));
        assertThat(world.failure("get_record_schema", Map.of())).hasMessageContaining("either topic or subject");
        assertThat(world.failure("get_record_schema", Map.of("subject", "tools-value", "version", 3)))
                .matches(e -> e.is(KafkaErrorCode.SCHEMA_NOT_FOUND));

        var check = Map.of("topic", "tools", "schema", "\"string\"");
        assertThat(world.call("check_record_schema_compatibility", check))
                .isEqualTo(json("{'compatible':true,'subject':'tools-value'}"));
        registry.object("READER_FIELD_MISSING_DEFAULT_VALUE: /fields/1");
        assertThat(world.call("check_record_schema_compatibility", check)
                        .path("messages")
                        .path(0)
                        .textValue())
                .contains("READER_FIELD_MISSING_DEFAULT_VALUE");
        registry.object();

        var policy = KafkaPolicy.builder().topics("tools").build();
        try (var limited = new RecordsMCPServer(
                world.connection(), options().toBuilder().policy(policy).build())) {
            limited.initialize();
            assertThat(Tools.call(limited, "list_record_schemas", Map.of())
                            .path("subjects")
                            .findValuesAsText("subject"))
                    .containsExactly("tools-value");
            for (Map<String, Object> other : List.<Map<String, Object>>of(
                    Map.of("topic", "orders"), Map.of("subject", "orders-value"), Map.of("subject", "addresses"))) {
                assertThat(Tools.failure(limited, "get_record_schema", other))
                        .matches(e -> e.is(KafkaErrorCode.NOT_ALLOWED));
            }
            assertThat(Tools.failure(
                            limited,
                            "check_record_schema_compatibility",
                            Map.of(
                                    "topic",
                                    "tools",
                                    "schema",
                                    "\"a.Address\"",
                                    "references",
                                    List.of(Map.of("name", "a.Address", "subject", "addresses", "version", 1)))))
                    .matches(e -> e.is(KafkaErrorCode.NOT_ALLOWED));
        }
    }
}
