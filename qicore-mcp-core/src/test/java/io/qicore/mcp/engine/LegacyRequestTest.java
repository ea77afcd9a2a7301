package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of MCP 2025-11-25, served without a session. */
class LegacyRequestTest {

    private final MCPEngine engine = Wire.engine();

    @ParameterizedTest
    @CsvSource({
        "2025-11-25, 2025-11-25",
        "2025-06-18, 2025-06-18",
        "2025-03-26, 2025-03-26",
        "2024-11-05, 2024-11-05",
        "2026-07-28, 2025-11-25",
        "2099-01-01, 2025-11-25",
        "nonsense, 2025-11-25"
    })
    void initialize_answersALegacyVersion(String requested, String answered) {
        JsonNode result = initialize(requested, CallMetadata.none()).result();

        assertThat(result.get("protocolVersion").asText()).isEqualTo(answered);
        assertThat(result.at("/capabilities/tools").isObject()).isTrue();
        assertThat(result.at("/capabilities/tools").has("listChanged")).isFalse();
        assertThat(result.at("/serverInfo/name").asText()).isEqualTo("test");
        assertThat(result.at("/serverInfo/version").asText()).isEqualTo("1.0");
        assertThat(result.get("instructions").asText()).isEqualTo("Be careful.");
        isLegacy(result);
    }

    @Test
    void initialize_ignoresALegacyVersionHeader() {
        assertThat(initialize("2025-11-25", Wire.headers("MCP-Protocol-Version", "1999-01-01"))
                        .kind())
                .isEqualTo(Reply.Kind.RESULT);
    }

    @Test
    void initializeWithoutVersion_isAnInvalidParameter() {
        Answer answer = Answer.to(engine, Wire.legacy("initialize", "{}"));
        assertThat(answer.errorCode()).isEqualTo(-32602);
        assertThat(answer.kind()).isEqualTo(Reply.Kind.ERROR);
    }

    @Test
    void ping_isAnsweredWithAnEmptyResult() {
        assertThat(Answer.to(engine, Wire.legacy("ping", "{}")).result()).isEmpty();
    }

    @Test
    void logLevel_isCheckedAndTaken() {
        assertThat(Answer.to(engine, Wire.legacy("logging/setLevel", "{\"level\": \"debug\"}"))
                        .result())
                .isEmpty();
        Answer answer = Answer.to(engine, Wire.legacy("logging/setLevel", "{\"level\": \"loud\"}"));
        assertThat(answer.errorCode()).isEqualTo(-32602);
        assertThat(answer.errorMessage()).contains("loud", "warning");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server/discover", "resources/list", "resources/subscribe", "prompts/list", "no/such"})
    void methodThatIsNotServed_isAnOrdinaryError(String method) {
        Answer answer = Answer.to(engine, Wire.legacy(method, "{}"));
        assertThat(answer.errorCode()).isEqualTo(-32601);
        assertThat(answer.kind()).isEqualTo(Reply.Kind.ERROR);
    }

    @Test
    void requestsNeedNoInitialize() {
        JsonNode result = Answer.to(engine, Wire.legacy("tools/list", "{}")).result();
        assertThat(result.at("/tools/0/name").asText()).isEqualTo("echo");
        isLegacy(result);
    }

    @Test
    void versionHeader_choosesTheRevision() {
        CallMetadata served = Wire.headers("MCP-Protocol-Version", "2025-11-25");
        isLegacy(Answer.to(engine, Wire.legacy("tools/list", "{}"), served).result());

        Answer answer =
                Answer.to(engine, Wire.legacy("tools/list", "{}"), Wire.headers("MCP-Protocol-Version", "2030-01-01"));
        answer.isBadRequest(-32022);
        assertThat(answer.json().at("/error/data/supported").isArray()).isTrue();
    }

    @Test
    void noHeaderIsDemandedBesideTheVersion() {
        assertThat(Answer.to(engine, Wire.legacyCall("echo", "{\"text\": \"x\"}"), Wire.headers())
                        .kind())
                .isEqualTo(Reply.Kind.RESULT);
    }

    @Test
    void notificationWithAVersionThatIsNotServed_isRefused() {
        Answer answer = Answer.to(engine, """
                {"jsonrpc": "2.0", "method": "notifications/initialized"}""", Wire.headers("MCP-Protocol-Version", "2030-01-01"));
        answer.isBadRequest(-32022);
        assertThat(answer.json().has("id")).isFalse();
    }

    @Test
    void cancelledNotificationOverHttp_cancelsNobody() {
        assertThat(Answer.to(engine, Wire.cancelled("1"), Wire.headers()).kind())
                .isEqualTo(Reply.Kind.ACCEPTED);
    }

    @Test
    void erasMixOnOneConnection() {
        ClientConnection connection = MCPEngine.newConnection();
        isLegacy(initialize("2025-11-25", Wire.on(connection)).result());
        ModernRequestTest.isModern(Answer.to(engine, Wire.modern("tools/list"), Wire.on(connection))
                .result());
        isLegacy(Answer.to(engine, Wire.legacy("tools/list", "{}"), Wire.on(connection))
                .result());
        assertThat(Answer.to(engine, Wire.modern("ping"), Wire.on(connection)).errorCode())
                .isEqualTo(-32601);
    }

    static void isLegacy(JsonNode result) {
        assertThat(result.has("resultType")).isFalse();
        assertThat(result.has("ttlMs")).isFalse();
        assertThat(result.has("cacheScope")).isFalse();
        assertThat(result.has("_meta")).isFalse();
    }

    private Answer initialize(String version, CallMetadata metadata) {
        return Answer.to(engine, Wire.legacy("initialize", """
                {"protocolVersion": "%s", "capabilities": {"roots": {"listChanged": true}},
                 "clientInfo": {"name": "old", "version": "1"}}""".formatted(version)), metadata);
    }
}
