package io.qicore.mcp.kafka.records;

import static io.qicore.mcp.fixture.Records.record;
import static io.qicore.mcp.fixture.Records.utf8;
import static io.qicore.mcp.fixture.Records.write;
import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.Records;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nothing that is masked leaves the server, neither in results nor by what conditions select. */
class MaskedRecordsIT {

    /** In every place where a masked value can be. */
    private static final String SECRET = "s3cr3t";

    @AutoClose
    private static final KafkaWorld world =
            KafkaWorld.shared(connection -> new RecordsMCPServer(connection, masking("email", "card.*", "x-token")));

    private static KafkaOptions masking(String... names) {
        return KafkaOptions.builder()
                .policy(KafkaPolicy.builder().maskedFields(names).build())
                .build();
    }

    @BeforeAll
    static void prepare() throws Exception {
        world.kafka.createTopic(new NewTopic("users", 1, (short) 1).configs(Map.of("max.message.bytes", "5000000")));
        var withHeaders = record("users", 0, "{\"email\":\"s3cr3t\",\"id\":1}", "{\"id\":1,\"email\":\"s3cr3t\"}");
        withHeaders
                .headers()
                .add("X-Token", utf8(SECRET))
                .add("meta", utf8("{\"card\":{\"no\":\"s3cr3t\"}}"))
                .add("trace", utf8("t1"));
        write(
                world,
                withHeaders,
                record("users", 0, "2", "[{\"card\":{\"no\":\"s3cr3t\",\"cvc\":[\"s3cr3t\"]},\"id\":2}]"),
                record("users", 0, "3", "{\"id\":3,\"raw\":\"{\\\"email\\\":\\\"s3cr3t\\\"}\"}"),
                record("users", 0, "4", "{\"id\":4,\"email\":\"s3cr3t\"} and more"),
                record("users", 0, "5", "email=s3cr3t"),
                record("users", 0, "6", "{\"id\":6,\"email\":\"s3cr3t\",\"x\":\"" + "y".repeat(3_000) + "\"}"),
                record("users", 0, "7", "{\"id\":7,\"email\":\"s3cr3t\",\"x\":\"" + "y".repeat(3_000_000) + "\"}"),
                new ProducerRecord<>(
                        "users", 0, utf8("8"), new byte[] {0, 0, 0, 0, 1, 12, 's', '3', 'c', 'r', '3', 't'}),
                record("users", 0, "9", "{\"id\":9,\"\\u0065mail\":\"s3cr3t\"}"),
                record("users", 0, "10", "harmless"));
    }

    @Test
    void nothingMasked_isShown() {
        for (var call : List.of(
                Map.of("topic", "users", "limit", 100, "maxBytes", 100_000),
                Map.of("topic", "users", "limit", 100, "maxBytes", 16),
                Map.of("topic", "users", "limit", 100, "offset", "earliest", "uncommitted", true))) {
            JsonNode answer = world.call("get_records", call);
            assertThat(answer.path("records")).hasSize(10);
            assertThat(answer.toString()).doesNotContain(SECRET).doesNotContain("czNjcjN0");
        }
        var rows = world.call("get_records", Map.of("topic", "users", "offset", "earliest"))
                .path("records");
        assertThat(rows.path(0).path("key")).isEqualTo(json("{'json':{'email':'***','id':1}}"));
        assertThat(rows.path(0).path("value")).isEqualTo(json("{'json':{'id':1,'email':'***'}}"));
        assertThat(rows.path(0).path("headers"))
                .containsExactly(
                        json("{'name':'X-Token','value':{'text':'***'}}"),
                        json("{'name':'meta','value':{'json':{'card':{'no':'***'}}}}"),
                        json("{'name':'trace','value':{'text':'t1'}}"));
        assertThat(rows.path(1).path("value")).isEqualTo(json("{'json':[{'card':{'no':'***','cvc':'***'},'id':2}]}"));
        for (int withheld : new int[] {3, 4, 6, 7}) {
            assertThat(rows.path(withheld).path("value").path("note").textValue())
                    .as("%s", rows.path(withheld))
                    .startsWith("Withheld");
            assertThat(rows.path(withheld).path("value").has("bytes")).isTrue();
        }
        assertThat(rows.path(9).path("value")).isEqualTo(json("{'text':'harmless'}"));
    }

    @Test
    void conditionsOnWhatIsMasked_areRefused() {
        for (Map<String, Object> condition : List.<Map<String, Object>>of(
                Map.of("fields", Map.of("email", SECRET)),
                Map.of("fields", Map.of("user.Email", SECRET)),
                Map.of("fields", Map.of("card.no", SECRET)),
                Map.of("fields", Map.of("0.card.no", SECRET)),
                Map.of("fields", Map.of("card.0.no", SECRET)),
                Map.of("fields", Map.of("email.length", 6)),
                Map.of("headers", Map.of("x-token", SECRET)))) {
            for (String tool : List.of("get_records", "tail_topic")) {
                var arguments = GetRecordsIT.map("topic", "users");
                arguments.putAll(condition);
                assertThat(world.failure(tool, arguments))
                        .as("%s", condition)
                        .matches(e -> e.is(KafkaErrorCode.NOT_ALLOWED))
                        .hasMessageContaining("masked");
            }
        }
    }

    @Test
    void conditionsOnOtherThings_doNotTellWhatIsMasked() {
        for (String text : List.of(SECRET, "s3c", "czNjcjN0", "\"email\":\"s3cr3t\"")) {
            assertThat(world.call("search_records", Map.of("topic", "users", "text", text))
                            .path("records"))
                    .as(text)
                    .isEmpty();
        }
        for (String key : List.of("{\"email\":\"s3cr3t\",\"id\":1}")) {
            assertThat(world.call("get_records", Map.of("topic", "users", "key", key))
                            .path("records"))
                    .isEmpty();
        }
        var found = world.call("search_records", Map.of("topic", "users", "text", "harmless"));
        assertThat(found.path("records")).hasSize(1);
        assertThat(found.path("untested").intValue()).isEqualTo(1);
        assertThat(world.call("search_records", Map.of("topic", "users", "fields", Map.of("id", 6)))
                        .path("records"))
                .hasSize(1);
        assertThat(world.call("get_records", Map.of("topic", "users", "headers", Map.of("trace", "t1")))
                        .path("records"))
                .hasSize(1);
    }

    @Test
    void callersWithTheScope_seeEverything_andOthersDoNot() throws Exception {
        var options = KafkaOptions.builder()
                .policy(KafkaPolicy.builder()
                        .maskedFields("email", "card.*", "x-token", "$key")
                        .unmaskedScope("records:unmasked")
                        .build())
                .build();
        Map<String, Object> all = Map.of("topic", "users", "limit", 100);
        Map<String, Object> paged = Map.of("topic", "users", "limit", 5);
        Map<String, Object> byField = Map.of("topic", "users", "fields", Map.of("email", SECRET));
        try (var server = new RecordsMCPServer(world.connection(), options)) {
            server.initialize();
            String cursor;
            try (MCPClient wide =
                    MCPClient.inProcess(server, Caller.of("dpo").withScopes(Set.of("read", "records:unmasked")))) {
                JsonNode rows = wide.call("get_records", all).path("records");
                assertThat(rows.path(9).path("value")).isEqualTo(json("{'json':{'id':1,'email':'s3cr3t'}}"));
                assertThat(rows.path(0).path("key")).isEqualTo(json("{'text':'10'}"));
                assertThat(rows.toString()).doesNotContain("***").doesNotContain("Withheld");
                assertThat(wide.call("get_records", byField).path("records")).hasSize(3);
                assertThat(wide.call("search_records", Map.of("topic", "users", "text", "email=" + SECRET))
                                .path("records"))
                        .hasSize(1);
                cursor = wide.call("get_records", paged).path("nextCursor").asText();
            }
            for (Caller other : List.of(
                    Caller.ANONYMOUS,
                    Caller.of("records:unmasked"),
                    Caller.of("a").withScopes(Set.of("read", "write", "destructive", "admin")),
                    Caller.of("a").withScopes(Set.of("records:unmaske", "RECORDS:UNMASKED", "records:unmasked:x")),
                    Caller.of("a").withAttributes(Map.of("scope", "records:unmasked")))) {
                try (MCPClient narrow = MCPClient.inProcess(server, other)) {
                    Map<String, Object> next = new HashMap<>(paged);
                    next.put("cursor", cursor);
                    JsonNode page = narrow.call("get_records", next);
                    assertThat(page.path("records")).hasSize(5);
                    assertThat(narrow.call("get_records", all).toString() + page)
                            .as(other.toString())
                            .doesNotContain(SECRET)
                            .doesNotContain("czNjcjN0");
                    assertThat(Tools.failure(narrow, "get_records", byField))
                            .matches(e -> e.is(KafkaErrorCode.NOT_ALLOWED));
                }
            }
        }
    }

    /** Values that have the secret in a masked field, in every notation that can hide the name of the field. */
    private static List<String> ways() {
        String inner = "{\"email\":\"s3cr3t\"}";
        List<String> ways = new ArrayList<>(List.of(
                "{\"EMAIL\":\"s3cr3t\"}",
                "{\"\uff25mail \":\"s3cr3t\"}",
                "{\" email\":\"s3cr3t\"}",
                "[[[" + inner + "]]]",
                "{\"a\":".repeat(200) + inner + "}".repeat(200),
                "{\"a\":".repeat(990) + inner + "}".repeat(990),
                "{\"a\":".repeat(3_000) + inner + "}".repeat(3_000),
                "{\"email\":[\"s3cr3t\",{\"x\":\"s3cr3t\"}]}",
                "{\"email\":null,\"email\":\"s3cr3t\"}",
                "{\"user.email\":\"s3cr3t\"}",
                "{\"email.value\":\"s3cr3t\"}",
                "{\"card\":[{\"no\":\"s3cr3t\"}]}",
                "{\"card.no\":\"s3cr3t\"}",
                "{\"card\":{\"a\":{\"b\":\"s3cr3t\"}}}",
                "{\"card\":\"{\\\"no\\\":\\\"s3cr3t\\\"}\"}",
                "{\"\\u0065\\u006dail\":\"s3cr3t\"}",
                quoted(inner),
                quoted(quoted(inner)),
                inner + "\n" + inner,
                "\ufeff" + inner,
                "  \n\t" + inner,
                inner + ",",
                "{'email': 's3cr3t'}",
                "{email: \"s3cr3t\"}",
                "email,id\ns3cr3t,1",
                "id: 1\nemail: s3cr3t",
                "<u email='s3cr3t'/>"));
        for (String text : List.of(
                inner,
                quoted(inner),
                quoted(quoted(inner)),
                "  " + inner,
                "\ufeff" + inner,
                "\u0000" + inner,
                inner + inner,
                "sent " + inner,
                "sent {\"\\u0065mail\":\"s3cr3t\"}",
                "{email: 's3cr3t'}",
                "email=s3cr3t",
                "EMAIL = s3cr3t",
                "a=1&email=s3cr3t",
                "a%3D1%26email%3Ds3cr3t",
                "user email: s3cr3t",
                "'email' => 's3cr3t'",
                "<email>s3cr3t</email>",
                "<u:Email type='x'>s3cr3t</u:Email>",
                "id,email\n1,s3cr3t",
                "card.no=s3cr3t",
                "card[no]=s3cr3t",
                "x-token: s3cr3t")) {
            ways.add("{\"raw\":" + quoted(text) + "}");
            ways.add("[" + quoted("[" + quoted(text) + "]") + "]");
        }
        return ways;
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    @Test
    void waysAroundTheMask_areClosed() throws Exception {
        world.kafka.createTopic("ways", 1);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String way : ways()) {
            records.add(record("ways", 0, way, way));
            var inHeader = record("ways", 0, null, "x");
            inHeader.headers().add("h", utf8(way));
            records.add(inHeader);
        }
        for (String name : List.of("email", "Email", "user.EMAIL", "X-TOKEN", "card.no")) {
            var inHeader = record("ways", 0, null, "x");
            inHeader.headers().add(name, utf8(SECRET));
            records.add(inHeader);
        }
        for (Charset charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
            records.add(new ProducerRecord<>("ways", 0, null, "{\"email\":\"s3cr3t\"}".getBytes(charset)));
        }
        assertThat(records).hasSizeGreaterThan(100);
        Records.writeAll(world, records);

        Map<String, Object> arguments = new HashMap<>(Map.of("topic", "ways", "offset", "earliest", "limit", 500));
        JsonNode page = world.call("get_records", arguments);
        assertThat(page.path("complete").booleanValue()).isTrue();
        for (JsonNode row : page.path("records")) {
            ProducerRecord<byte[], byte[]> written =
                    records.get(row.path("offset").intValue());
            assertThat(row.toString())
                    .as(new String(written.value(), StandardCharsets.UTF_8) + written.headers())
                    .doesNotContain(SECRET)
                    .doesNotContain("czNjcjN0")
                    .doesNotContain("cwAzAGMAcgAzAHQ")
                    .doesNotContain("AHMAMwBjAHIAMwB0");
        }
        for (String text : List.of(SECRET, "s3c", "3cr3", "czNjcjN0")) {
            assertThat(world.call("search_records", Map.of("topic", "ways", "text", text))
                            .path("records"))
                    .isEmpty();
        }
        for (var field : List.of("raw", "a", "0", "card", "h")) {
            assertThat(world.call("get_records", Map.of("topic", "ways", "fields", Map.of(field, SECRET)))
                            .path("records"))
                    .as(field)
                    .isEmpty();
        }
    }

    @Test
    void keys_canBeMasked() throws Exception {
        try (var server = new RecordsMCPServer(world.connection(), masking("$key"))) {
            server.initialize();
            var rows =
                    Tools.call(server, "get_records", Map.of("topic", "users")).path("records");
            assertThat(rows).allSatisfy(row -> assertThat(row.path("key")).isEqualTo(json("{'text':'***'}")));
            assertThat(rows.path(0).path("value")).isEqualTo(json("{'text':'harmless'}"));
            assertThat(Tools.failure(server, "get_records", Map.of("topic", "users", "key", "2")))
                    .matches(e -> e.is(KafkaErrorCode.NOT_ALLOWED));
            assertThat(Tools.call(
                                    server,
                                    "search_records",
                                    Map.of("topic", "users", "text", "{\"email\":\"s3cr3t\",\"id\":1}"))
                            .path("records"))
                    .isEmpty();
        }
    }
}
