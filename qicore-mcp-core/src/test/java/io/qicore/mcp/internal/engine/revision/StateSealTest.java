package io.qicore.mcp.internal.engine.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.ServerRequests;
import io.qicore.mcp.internal.engine.rpc.ClientProfile;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a client cannot do with a state that it carries for us. */
class StateSealTest {

    private static final byte[] KEY = new byte[32];
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final StateSeal seal = sealAt(NOW, KEY);
    private final Request request =
            request("tools/call", "{\"name\": \"a\", \"arguments\": {\"x\": 1, \"y\": 2}}", "ann");
    private final String sealed = seal.seal(request, List.of("secret", 1));

    @Test
    void state_comesBackAsItWas() throws Exception {
        assertThat(seal.open(request, sealed)).isEqualTo(Json.MAPPER.valueToTree(List.of("secret", 1)));
        assertThat(seal.open(request, seal.seal(request, null))).isNull();
    }

    @Test
    void stateThatCouldNotBeReadBack_isNotSealed() throws Exception {
        assertThat(seal.open(request, seal.seal(request, nested(255)))).isNotNull();
        assertThatExceptionOfType(java.io.UncheckedIOException.class)
                .isThrownBy(() -> seal.seal(request, nested(256)))
                .withMessageContaining("state of the handler");
    }

    private static Object nested(int levels) {
        Object value = List.of();
        for (int i = 1; i < levels; i++) {
            value = List.of(value);
        }
        return value;
    }

    @Test
    void state_isOpenedByAReplicaWithTheSameKey() throws Exception {
        assertThat(sealAt(NOW.plusSeconds(599), KEY).open(request, sealed)).isNotNull();
    }

    @Test
    void retry_mayCarryAnswersAndOtherMetadata() throws Exception {
        Request retry = request(
                "tools/call",
                "{\"requestState\": \"x\", \"arguments\": {\"y\": 2, \"x\": 1}, \"_meta\": {\"progressToken\": 5},"
                        + " \"inputResponses\": {}, \"name\": \"a\"}",
                "ann");
        assertThat(seal.open(retry, sealed)).isNotNull();
    }

    @Test
    void everyCharacter_isProtected() {
        for (int i = 0; i < sealed.length(); i++) {
            for (char other : "AQgw_-.".toCharArray()) {
                if (sealed.charAt(i) != other) {
                    refused(seal, request, sealed.substring(0, i) + other + sealed.substring(i + 1));
                }
            }
            refused(seal, request, sealed.substring(0, i));
        }
        for (String end : List.of("A", "=", ".", "\u0000", "é")) {
            refused(seal, request, sealed + end);
        }
    }

    @Test
    void forgedState_isRefused() {
        String forged = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"s\": 1}".getBytes());
        for (String state : List.of("", ".", forged, forged + forged, sealed + sealed, sealed.substring(4))) {
            refused(seal, request, state);
        }
    }

    @Test
    void state_cannotBeRead() {
        String bytes = new String(Base64.getUrlDecoder().decode(sealed), StandardCharsets.ISO_8859_1);
        assertThat(sealed + bytes).doesNotContain("secret", "\"s\"", "\"e\"");
        assertThat(seal.seal(request, List.of("secret", 1)))
                .as("the same state again")
                .isNotEqualTo(sealed);
    }

    @Test
    void acceptedKey_opensButDoesNotSeal() throws Exception {
        byte[] newKey = new byte[32];
        newKey[0] = 7;
        StateSeal rotated = new StateSeal("test", List.of(newKey, KEY), LIFETIME, Clock.fixed(NOW, ZoneOffset.UTC));
        assertThat(rotated.open(request, sealed)).isNotNull();
        assertThat(sealAt(NOW, newKey).open(request, rotated.seal(request, "x")))
                .isNotNull();
        refused(seal, request, rotated.seal(request, "x"));
    }

    @Test
    void numberThatAClientRewrites_isTheSame() throws Exception {
        String params = "{\"name\": \"a\", \"arguments\": {\"x\": %s}}";
        String state = seal.seal(request("tools/call", params.formatted("1.50"), "ann"), "x");
        assertThat(seal.open(request("tools/call", params.formatted("1.5"), "ann"), state))
                .isNotNull();
        refused(seal, request("tools/call", params.formatted("1.51"), "ann"), state);
    }

    @Test
    void otherKey_opensNothing() {
        byte[] other = KEY.clone();
        other[31] = 1;
        refused(sealAt(NOW, other), request, sealed);
    }

    @Test
    void expiredState_isRefused() {
        assertThat(refused(sealAt(NOW.plus(LIFETIME).plusSeconds(1), KEY), request, sealed))
                .contains("expired");
    }

    @Test
    void otherRequest_cannotUseIt() {
        String params = "{\"name\": \"a\", \"arguments\": {\"x\": 1, \"y\": 2}}";
        for (Request other : List.of(
                request("tools/call", params, "bob"),
                request("tools/call", params, null),
                request("prompts/get", params, "ann"),
                request("tools/call", params.replace("\"a\"", "\"b\""), "ann"),
                request("tools/call", params.replace("2", "3"), "ann"),
                request("tools/call", params.replace("2", "\"2\""), "ann"),
                request("tools/call", params.replace("\"y\"", "\"z\""), "ann"),
                request("tools/call", params.replace("2}", "2, \"z\": null}"), "ann"))) {
            assertThat(refused(seal, other, sealed)).contains("another request");
        }
    }

    @Test
    void callerNamedNull_isNotNobody() {
        String nobodys = seal.seal(request("prompts/get", "{}", null), "x");
        refused(seal, request("prompts/get", "{}", "null"), nobodys);
    }

    private static String refused(StateSeal seal, Request request, String state) {
        RpcException[] refusal = new RpcException[1];
        assertThatExceptionOfType(RpcException.class)
                .as(state)
                .isThrownBy(() -> seal.open(request, state))
                .satisfies(e -> refusal[0] = e);
        assertThat(refusal[0].error().code()).isEqualTo(RpcError.INVALID_PARAMS);
        assertThat(refusal[0].error().message()).doesNotContain("secret", "ann");
        return refusal[0].error().message();
    }

    @Test
    void otherServerWithTheSameKey_opensNothing() {
        StateSeal other = new StateSeal("other", List.of(KEY), LIFETIME, Clock.fixed(NOW, ZoneOffset.UTC));
        assertThat(refused(other, request, sealed)).contains("another request");
    }

    private static StateSeal sealAt(Instant now, byte[] key) {
        return new StateSeal("test", List.of(key), LIFETIME, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static Request request(String method, String params, @Nullable String principal) {
        try {
            return new Request(
                    Json.MAPPER.valueToTree(1),
                    method,
                    (ObjectNode) Json.read(params.getBytes(StandardCharsets.UTF_8)),
                    new LegacyRevision("2025-11-25", new ServerRequests()),
                    new ClientProfile(Set.of(), null),
                    CallMetadata.none().withCaller(principal == null ? Caller.ANONYMOUS : Caller.of(principal)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
