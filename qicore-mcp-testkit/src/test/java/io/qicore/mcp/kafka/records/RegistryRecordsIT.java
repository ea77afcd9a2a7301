package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Records.utf8;
import static io.qicore.mcp.fixture.Records.write;
import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.RegistryStandIn;
import io.qicore.mcp.fixture.RegistryStandIn.Registered;
import io.qicore.mcp.fixture.TestKeys;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.access.RegistryConnection;
import io.qicore.mcp.kafka.internal.content.ContentDecoder.Decoding;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.schema.RegistryDecoder;
import io.qicore.mcp.tool.StandardErrorCode;
import java.io.File;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Registries with TLS, servers without the optional libraries, and schemas that the policy hides. */
class RegistryRecordsIT {

    @AutoClose
    private static final KafkaWorld world = KafkaWorld.shared(RecordsMCPServer::new);

    private static KafkaOptions options(RegistryConnection registry, KafkaPolicy policy) {
        return KafkaOptions.builder().registry(registry).policy(policy).build();
    }

    private static JsonNode lastValue(RegistryConnection registry, String topic) throws Exception {
        try (var server = new RecordsMCPServer(world.connection(), options(registry, KafkaPolicy.defaults()))) {
            server.initialize();
            return Tools.call(server, "get_records", Map.of("topic", topic))
                    .path("records")
                    .path(0)
                    .path("value");
        }
    }

    @Test
    void tls_isVerified_andUsedWithAuthentication(@TempDir Path folder) throws Exception {
        TestKeys.createServer(folder);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("server.p12"))) {
            store.load(in, TestKeys.PASSWORD.toCharArray());
        }
        try (var registry = RegistryStandIn.start(tls(store))) {
            world.kafka.createTopic("tls", 1);
            Registered schema = registry.register("tls-value", "AVRO", "\"int\"");
            write(world, new ProducerRecord<>("tls", 0, null, schema.framed(new byte[] {14})));
            registry.require("Basic dTpw");
            // The certificate is for the address, not for the name.
            String address = registry.url().replace("localhost", "127.0.0.1");
            Path trusted = Files.writeString(
                    folder.resolve("ca.pem"),
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(
                                            store.getCertificate("server").getEncoded())
                            + "\n-----END CERTIFICATE-----\n");

            assertThat(lastValue(
                                    RegistryConnection.to(address)
                                            .trusting(trusted)
                                            .basic("u", "p"),
                                    "tls")
                            .path("json"))
                    .isEqualTo(json("7"));
            assertThat(lastValue(
                                    RegistryConnection.to(address)
                                            .trusting(trusted)
                                            .basic("u", "wr0ng"),
                                    "tls")
                            .path("note")
                            .textValue())
                    .contains("refused the credentials")
                    .doesNotContain("wr0ng");
            for (var distrusting : List.of(
                    RegistryConnection.to(address).basic("u", "p"),
                    RegistryConnection.to(registry.url()).trusting(trusted).basic("u", "p"),
                    RegistryConnection.to(address.replace("https", "http")).basic("u", "p"))) {
                assertThat(lastValue(distrusting, "tls").path("note").textValue())
                        .as(distrusting.toString())
                        .contains("The schema registry did not answer");
            }
            assertThat(lastValue(RegistryConnection.to(address), "tls")
                            .path("note")
                            .textValue())
                    .contains("does not trust its TLS certificate");
            assertThat(registry.requests()).hasSize(2);
        }
        Path missing = folder.resolve("missing.pem");
        assertThatThrownBy(() -> new RecordsMCPServer(
                        world.connection(),
                        options(
                                RegistryConnection.to("https://localhost:1").trusting(missing),
                                KafkaPolicy.defaults())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("missing.pem");
    }

    private static SSLContext tls(KeyStore store) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, TestKeys.PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/avro-1 | AVRO | \"int\" | org.apache.avro:avro on its class path",
                "/protobuf-java-4 | PROTOBUF | syntax = \"proto3\"; message M { int32 i = 1; } | protobuf-java-util",
                "/protobuf-java-util | PROTOBUF | syntax = \"proto3\"; message M { int32 i = 1; } | protobuf-java-util",
                "/wire-schema | PROTOBUF | syntax = \"proto3\"; message M { int32 i = 1; } | wire-schema-jvm",
                "/avro-1 | JSON | {} | decoded",
                "/nothing | AVRO | \"int\" | decoded"
            })
    void missingLibrary_isNamed(String library, String type, String schema, String result) throws Exception {
        try (var registry = RegistryStandIn.start()) {
            int id = registry.register("s", type, schema.replace("'", "\"")).id();
            List<URL> path = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                if (!entry.contains(library)) {
                    path.add(Path.of(entry).toUri().toURL());
                }
            }
            try (var loader = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
                var method = loader.loadClass(Decoder.class.getName()).getMethod("decode", String.class, int.class);
                // Twice: a class that could not be loaded fails in another way the second time.
                for (int i = 0; i < 2; i++) {
                    assertThat((String) method.invoke(null, registry.url(), id)).contains(result);
                }
            }
        }
    }

    /** Decodes a content with a class loader of its own. */
    public static final class Decoder {

        private Decoder() {}

        /** Returns what became of a content. */
        public static String decode(String url, int id) {
            byte[] content = {0, 0, 0, 0, (byte) id, '4'};
            var decoding = new RegistryDecoder(new RegistryClient(RegistryConnection.to(url)))
                    .decode(false, new RecordHeaders(), content, true);
            return decoding instanceof Decoding.Failed failed ? failed.reason() : "decoded";
        }
    }

    @Test
    void schemasOfHiddenTopics_cannotBeTriedOutByTheirIds() throws Exception {
        try (var registry = RegistryStandIn.start()) {
            world.kafka.createTopic("open-a", 1);
            String schema =
                    "{\"type\":\"record\",\"name\":\"Salary\",\"fields\":[{\"name\":\"amount\",\"type\":\"int\"}]}";
            var hidden = registry.register("payroll-value", "AVRO", schema);
            var noTopic = registry.register("com.acme.Salary", "AVRO", schema);
            var key = registry.register("open-b-key", "AVRO", schema);
            var ofRecord = registry.register("open-a-Salary", "AVRO", schema);
            var ofOtherTopic = registry.register("open-a-payroll-Salary", "AVRO", schema);
            var inContext = registry.register(":.hr:open-x-value", "AVRO", schema);
            byte[] content = {2};
            var byGlobalId = new ProducerRecord<>("open-a", 0, (byte[]) null, content);
            byGlobalId.headers().add("__value_schema_id", hidden.header());
            var allowedByGlobalId = new ProducerRecord<>("open-a", 0, (byte[]) null, content);
            allowedByGlobalId.headers().add("__value_schema_id", key.header());
            var policy = KafkaPolicy.builder().topics("*open-*").produce(true).build();
            var connection = RegistryConnection.to(registry.url());
            try (var server = new RecordsMCPServer(world.connection(), options(connection, policy))) {
                server.initialize();
                // An agent writes such a record itself.
                Tools.call(
                        server,
                        "produce_records",
                        Map.of(
                                "topic",
                                "open-a",
                                "records",
                                List.of(Map.of(
                                        "value",
                                        Base64.getEncoder().encodeToString(hidden.framed(content)),
                                        "base64",
                                        true))));
                write(
                        world,
                        new ProducerRecord<>("open-a", 0, null, noTopic.framed(content)),
                        byGlobalId,
                        new ProducerRecord<>("open-a", 0, null, ofOtherTopic.framed(content)),
                        new ProducerRecord<>("open-a", 0, null, inContext.framed(content)),
                        new ProducerRecord<>(
                                "open-a", 0, null, new Registered(99, hidden.guid(), "", 1).framed(content)),
                        new ProducerRecord<>("open-a", 0, key.framed(content), ofRecord.framed(content)),
                        allowedByGlobalId);

                var rows = Tools.call(server, "get_records", Map.of("topic", "open-a", "offset", "earliest"))
                        .path("records");

                for (int i = 0; i < 6; i++) {
                    JsonNode value = rows.path(i).path("value");
                    assertThat(value.has("json")).as(rows.path(i).toString()).isFalse();
                    assertThat(value.path("note").textValue())
                            .endsWith(": it does not exist, or belongs to a topic that may not be used here.");
                }
                for (JsonNode decoded : List.of(
                        rows.path(6).path("key"),
                        rows.path(6).path("value"),
                        rows.path(7).path("value"))) {
                    assertThat(decoded.path("json")).isEqualTo(json("{'amount':1}"));
                }
                assertThat(Tools.call(server, "list_record_schemas", Map.of())
                                .path("subjects")
                                .findValuesAsText("subject"))
                        .containsExactly("open-b-key");
                for (String subject : List.of("open-a/../payroll-value", ":.hr:open-x-value", "open-\nx-value")) {
                    assertThat(Tools.failure(server, "get_record_schema", Map.of("subject", subject)))
                            .as(subject)
                            .matches(e -> e.is(KafkaErrorCode.NOT_ALLOWED));
                }
            }
            try (var server = new RecordsMCPServer(world.connection(), options(connection, KafkaPolicy.defaults()))) {
                server.initialize();
                assertThat(Tools.call(server, "get_records", Map.of("topic", "open-a", "offset", "earliest"))
                                .path("records")
                                .path(0)
                                .path("value")
                                .path("json"))
                        .isEqualTo(json("{'amount':1}"));
            }
        }
    }

    @Test
    void messagesAboutHiddenSubjects_areNotShown() throws Exception {
        try (var registry = RegistryStandIn.start()) {
            registry.register("payroll-value", "AVRO", "\"int\"");
            registry.register("open-c-value", "AVRO", "\"Pay\"", new Object[] {"Pay", "payroll-value", 9});
            var policy = KafkaPolicy.builder().topics("open-*").produce(true).build();
            world.kafka.createTopic("open-c", 1);
            Map<String, Object> check = Map.of("topic", "open-c", "schema", "\"long\"");
            try (var server =
                    new RecordsMCPServer(world.connection(), options(RegistryConnection.to(registry.url()), policy))) {
                server.initialize();
                assertThat(Tools.call(server, "get_record_schema", Map.of("topic", "open-c"))
                                .path("references"))
                        .containsExactly(json("{'name':'Pay','version':9}"));
                assertThat(Tools.failure(
                                server,
                                "produce_records",
                                Map.of("topic", "open-c", "records", List.of(Map.of("value", 1)))))
                        .hasMessageContaining("It refers to 'Pay', which the schema registry does not have")
                        .hasMessageNotContaining("payroll");
                registry.object("Found payroll-value version 1", "READER_FIELD_MISSING_DEFAULT_VALUE");
                assertThat(Tools.call(server, "check_record_schema_compatibility", check)
                                .path("messages")
                                .toString())
                        .contains("READER_FIELD", "is hidden")
                        .doesNotContain("payroll");
                registry.answer(422, "No subject payroll-value");
                assertThat(Tools.failure(server, "check_record_schema_compatibility", check))
                        .matches(e -> e.is(StandardErrorCode.INVALID_ARGUMENT))
                        .hasMessageContaining("is hidden")
                        .hasMessageNotContaining("payroll");
            }
            try (var server = new RecordsMCPServer(
                    world.connection(), options(RegistryConnection.to(registry.url()), KafkaPolicy.defaults()))) {
                server.initialize();
                assertThat(Tools.failure(server, "check_record_schema_compatibility", check))
                        .hasMessageContaining("No subject payroll-value");
            }
        }
    }

    @Test
    void credentials_areNowhere() throws Exception {
        try (var registry = RegistryStandIn.start()) {
            world.kafka.createTopic("quiet", 1);
            var schema = registry.register("quiet-value", "AVRO", "\"int\"");
            write(world, new ProducerRecord<>("quiet", 0, utf8("k"), schema.framed(new byte[] {2})));
            var connection = RegistryConnection.to(registry.url()).basic("us3r", "p4ss");
            String encoded = Base64.getEncoder().encodeToString(utf8("us3r:p4ss"));
            var policy = KafkaPolicy.builder().produce(true).build();
            for (int status : new int[] {401, 403, 404, 409, 418, 422, 429, 500, 503}) {
                registry.answer(status, "status " + status);
                try (var server = new RecordsMCPServer(world.connection(), options(connection, policy))) {
                    server.initialize();
                    String all = Tools.call(server, "get_records", Map.of("topic", "quiet"))
                                    .toString()
                            + Tools.failure(server, "list_record_schemas", Map.of())
                            + Tools.failure(server, "get_record_schema", Map.of("topic", "quiet"))
                            + Tools.failure(
                                    server,
                                    "check_record_schema_compatibility",
                                    Map.of("topic", "quiet", "schema", "{}"));
                    assertThat(all + connection + options(connection, policy))
                            .doesNotContain("us3r")
                            .doesNotContain("p4ss")
                            .doesNotContain(encoded);
                }
            }
        }
        for (String token : List.of("", "a b", "a\r\nX: y", "t\u00f6ken")) {
            assertThatThrownBy(() -> RegistryConnection.to("http://localhost").bearer(token))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(token.isEmpty() ? "''" : token);
        }
        assertThatThrownBy(() -> RegistryConnection.to("http://localhost").basic("a:b", "p4ss"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("p4ss");
    }
}
