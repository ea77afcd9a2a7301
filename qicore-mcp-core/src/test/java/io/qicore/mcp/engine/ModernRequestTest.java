package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MCP 2026-07-28: what a request must carry, in its message and in its headers. */
class ModernRequestTest {

    private static final String VERSION = "io.modelcontextprotocol/protocolVersion";
    private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

    private static final String[] SERVED = {"2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"};

    private final MCPEngine engine = Wire.engine();

    @Test
    void discover_tellsVersionsCapabilitiesAndIdentity() {
        JsonNode result = Answer.to(engine, Wire.modern("server/discover")).result();

        assertThat(result.get("supportedVersions")).extracting(JsonNode::asText).containsExactly(SERVED);
        assertThat(result.at("/capabilities/tools/listChanged").asBoolean()).isTrue();
        assertThat(result.at("/capabilities/logging").isObject()).isTrue();
        assertThat(result.at("/capabilities").has("resources")).isFalse();
        assertThat(result.at("/capabilities").has("prompts")).isFalse();
        assertThat(result.at("/capabilities").has("completions")).isFalse();
        assertThat(result.at("/capabilities").has("extensions")).isFalse();
        assertThat(result.get("instructions").asText()).isEqualTo("Be careful.");
        assertThat(result.has("serverInfo")).isFalse();
        isModern(result);
        isCacheable(result);
    }

    @Test
    void toolsList_isCacheableAndInOrder() {
        JsonNode result = Answer.to(engine, Wire.modern("tools/list")).result();

        assertThat(result.get("tools"))
                .extracting(tool -> tool.get("name").asText())
                .startsWith("echo", "echo_async", "echo_json");
        JsonNode echo = result.at("/tools/0");
        assertThat(echo.get("title").asText()).isEqualTo("Echo");
        assertThat(echo.at("/inputSchema/type").asText()).isEqualTo("object");
        assertThat(echo.at("/outputSchema/type").asText()).isEqualTo("object");
        assertThat(echo.at("/annotations/readOnlyHint").asBoolean()).isTrue();
        assertThat(result.at("/tools/1").has("title")).isFalse();
        assertThat(result.at("/tools/2").has("outputSchema")).isFalse();
        isModern(result);
        isCacheable(result);
    }

    @Test
    void toolsList_isTheSameEveryTime() {
        assertThat(Answer.to(engine, Wire.modern("tools/list")).get().toBytes())
                .isEqualTo(Answer.to(engine, Wire.modern("tools/list")).get().toBytes());
    }

    @Test
    void unknownCursor_isAnInvalidParameter() {
        Answer answer = Answer.to(engine, Wire.message("1", "tools/list", "{\"cursor\": \"x\", " + Wire.META + "}"));
        assertThat(answer.errorCode()).isEqualTo(-32602);
        assertThat(answer.kind()).isEqualTo(Reply.Kind.ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"initialize", "ping", "logging/setLevel", "resources/subscribe", "no/such"})
    void methodThatIsNotServed_isNotFound(String method) {
        Answer answer = Answer.to(engine, Wire.modern(method));
        assertThat(answer.errorCode()).isEqualTo(-32601);
        assertThat(answer.kind()).isEqualTo(Reply.Kind.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"" + VERSION + "\": \"2026-07-28\"}",
                "{\"" + VERSION + "\": \"2026-07-28\", \"" + CAPABILITIES + "\": []}",
                "{\"" + VERSION + "\": 20260728, \"" + CAPABILITIES + "\": {}}",
                "{\"" + VERSION + "\": null, \"" + CAPABILITIES + "\": {}}"
            })
    void incompleteMetadata_isABadRequest(String meta) {
        Answer.to(engine, Wire.message("1", "server/discover", "{\"_meta\": " + meta + "}"))
                .isBadRequest(-32602);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"_meta\": {}}", "{\"_meta\": 5}", "{\"_meta\": {\"" + CAPABILITIES + "\": {}}}"})
    void modernHeaderWithoutMetadata_isABadRequest(String params) {
        for (String method : new String[] {"tools/list", "initialize", "ping"}) {
            Answer.to(engine, Wire.message("1", method, params), headers(method, null))
                    .isBadRequest(-32602);
        }
    }

    @Test
    void versionThatIsNotServed_isRefusedWithTheServedOnes() {
        String message = Wire.modern("server/discover").replace("2026-07-28", "2030-01-01");
        for (CallMetadata metadata : new CallMetadata[] {
            CallMetadata.none(), Wire.headers("MCP-Protocol-Version", "2030-01-01", "Mcp-Method", "server/discover")
        }) {
            Answer answer = Answer.to(engine, message, metadata);
            answer.isBadRequest(-32022);
            assertThat(answer.json().at("/error/data/requested").asText()).isEqualTo("2030-01-01");
            assertThat(answer.json().at("/error/data/supported"))
                    .extracting(JsonNode::asText)
                    .containsExactly(SERVED);
        }
    }

    @Test
    void legacyVersionInMetadata_isRefused() {
        Answer.to(engine, Wire.modern("tools/list").replace("2026-07-28", "2025-11-25"))
                .isBadRequest(-32022);
    }

    @Test
    void headersThatAgree_areTaken() {
        assertThat(Answer.to(engine, Wire.modern("tools/list"), headers("tools/list", null))
                        .kind())
                .isEqualTo(Reply.Kind.RESULT);
        assertThat(Answer.to(engine, Wire.modernCall("echo", "{\"text\": \"x\"}"), headers("tools/call", "echo"))
                        .kind())
                .isEqualTo(Reply.Kind.RESULT);
    }

    @Test
    void headerValues_mayHaveSpaceAround() {
        Answer answer = Answer.to(
                engine,
                Wire.modernCall("echo", "{\"text\": \"x\"}"),
                Wire.headers("mcp-protocol-version", " 2026-07-28 ", "MCP-METHOD", "tools/call ", "mcp-name", " echo"));
        assertThat(answer.kind()).isEqualTo(Reply.Kind.RESULT);
    }

    @Test
    void versionHeaderMissing_isAMismatch() {
        Answer.to(engine, Wire.modern("tools/list"), Wire.headers("Mcp-Method", "tools/list"))
                .isBadRequest(-32020);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-11-25", "2030-01-01", "", "2026-07-28, 2026-07-28"})
    void versionHeaderThatDisagrees_isAMismatchEvenIfOneOfThemIsNotServed(String header) {
        Answer.to(
                        engine,
                        Wire.modern("tools/list"),
                        Wire.headers("MCP-Protocol-Version", header, "Mcp-Method", "tools/list"))
                .isBadRequest(-32020);
        Answer.to(
                        engine,
                        Wire.modern("tools/list").replace("2026-07-28", "2031-01-01"),
                        Wire.headers("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/list"))
                .isBadRequest(-32020);
    }

    @Test
    void methodHeader_mustBeThereAndEqual() {
        Answer missing =
                Answer.to(engine, Wire.modern("tools/list"), Wire.headers("MCP-Protocol-Version", "2026-07-28"));
        missing.isBadRequest(-32020);
        assertThat(missing.id()).isNotNull();
        Answer.to(engine, Wire.modern("tools/list"), headers("tools/call", null))
                .isBadRequest(-32020);
        Answer.to(engine, Wire.modern("tools/list"), headers("Tools/List", null))
                .isBadRequest(-32020);
    }

    @Test
    void nameHeader_mustBeThereAndEqual() {
        String call = Wire.modernCall("echo", "{\"text\": \"x\"}");
        Answer.to(engine, call, headers("tools/call", null)).isBadRequest(-32020);
        Answer.to(engine, call, headers("tools/call", "crash")).isBadRequest(-32020);
        Answer.to(engine, call, headers("tools/call", "ECHO")).isBadRequest(-32020);
    }

    @Test
    void nameHeader_mayBeBase64() {
        String call = Wire.modernCall("echo", "{\"text\": \"x\"}");
        assertThat(Answer.to(engine, call, headers("tools/call", base64("echo")))
                        .kind())
                .isEqualTo(Reply.Kind.RESULT);
        assertThat(Answer.to(engine, Wire.modernCall("größe", "{}"), headers("tools/call", base64("größe")))
                        .errorCode())
                .isEqualTo(-32602);
        Answer.to(engine, call, headers("tools/call", base64("crash"))).isBadRequest(-32020);
        for (String malformed : List.of("=?base64?***?=", "=?base64?Y3Jhc2g?=", "=?base64?/w==?=")) {
            Answer.to(engine, call, headers("tools/call", malformed)).isBadRequest(-32020);
        }
    }

    @Test
    void nameHeaderThatOnlyLooksLikeBase64_isTakenLiterally() {
        assertThat(Answer.to(engine, Wire.modernCall("=?base64?x", "{}"), headers("tools/call", "=?base64?x"))
                        .errorCode())
                .isEqualTo(-32602);
        assertThat(Answer.to(engine, Wire.modernCall("=?BASE64?eA==?=", "{}"), headers("tools/call", "=?BASE64?eA==?="))
                        .errorCode())
                .isEqualTo(-32602);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=?base64?=", "=?base64??="})
    void shortestBase64Markers_doNoHarm(String header) {
        Answer.to(engine, Wire.modernCall("echo", "{}"), headers("tools/call", header))
                .isBadRequest(-32020);
    }

    @Test
    void metadataIsCheckedBeforeHeaders_andHeadersBeforeTheMethod() {
        Answer.to(
                        engine,
                        Wire.message("1", "no/such", "{\"_meta\": {\"" + VERSION + "\": \"2026-07-28\"}}"),
                        Wire.headers())
                .isBadRequest(-32602);
        Answer.to(engine, Wire.modern("no/such"), headers("tools/list", null)).isBadRequest(-32020);
    }

    @Test
    void notification_needsNoHeaders() {
        String notification = """
                {"jsonrpc": "2.0", "method": "notifications/x", "params": {%s}}""".formatted(Wire.META);
        assertThat(Answer.to(engine, notification, Wire.headers()).kind()).isEqualTo(Reply.Kind.ACCEPTED);
        assertThat(Answer.to(engine, """
                        {"jsonrpc": "2.0", "method": "notifications/x"}""", headers("x", null)).kind()).isEqualTo(Reply.Kind.ACCEPTED);
    }

    @Test
    void unknownClientCapabilities_areIgnored() {
        assertThat(Answer.to(engine, Wire.modern("tools/list").replace(": {}}", ": {\"roots\": {}, \"x\": 1}}"))
                        .kind())
                .isEqualTo(Reply.Kind.RESULT);
    }

    static void isModern(JsonNode result) {
        assertThat(result.get("resultType").asText()).isEqualTo("complete");
        JsonNode info = result.at("/_meta").get("io.modelcontextprotocol/serverInfo");
        assertThat(info.get("name").asText()).isEqualTo("test");
        assertThat(info.get("version").asText()).isEqualTo("1.0");
        assertThat(info.get("title").asText()).isEqualTo("Test");
    }

    private static void isCacheable(JsonNode result) {
        assertThat(result.get("ttlMs").isIntegralNumber()).isTrue();
        assertThat(result.get("ttlMs").asLong()).isNotNegative();
        assertThat(result.get("cacheScope").asText()).isEqualTo("private");
    }

    private static CallMetadata headers(String method, String name) {
        return name == null
                ? Wire.headers("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", method)
                : Wire.headers("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", method, "Mcp-Name", name);
    }

    private static String base64(String text) {
        return "=?base64?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }
}
