package io.qicore.mcp.internal.engine.revision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals the state of a handler while its client fetches input, so that no replica has to remember it. The client can
 * read the state and send it back. It cannot change it, use it for another request or as another caller, or use it
 * after it has expired. Replicas share the key. Thread-safe.
 */
public final class StateSeal {

    private static final String ALGORITHM = "HmacSHA256";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;
    private final Duration lifetime;
    private final Clock clock;

    public StateSeal(byte[] key, Duration lifetime, Clock clock) {
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** Returns the {@code requestState} of a request. */
    String seal(Request request, @Nullable Object state) {
        ObjectNode content = Json.object()
                .put("r", digest(request))
                .put("e", clock.instant().plus(lifetime).getEpochSecond());
        if (state != null) {
            content.set("s", Json.MAPPER.valueToTree(state));
        }
        String body = ENCODER.encodeToString(bytes(content));
        return body + "." + mac(body);
    }

    /**
     * Returns the sealed state, or null if the handler gave none.
     *
     * @throws RpcException if the state was not sealed with this key for this request and caller, or has expired
     */
    @Nullable
    JsonNode open(Request request, String sealed) throws RpcException {
        int dot = sealed.indexOf('.');
        JsonNode content = null;
        try {
            if (dot > 0
                    // Compared as text: several Base64 texts have the same bytes, but only one of them was sealed here.
                    && MessageDigest.isEqual(utf8(mac(sealed.substring(0, dot))), utf8(sealed.substring(dot + 1)))) {
                content = Json.MAPPER.readTree(Base64.getUrlDecoder().decode(sealed.substring(0, dot)));
            }
        } catch (IllegalArgumentException | IOException e) {
            throw invalid("was not made by this server");
        }
        if (content == null) {
            throw invalid("was not made by this server, or by a replica with another key");
        }
        if (!content.path("r").asText().equals(digest(request))) {
            throw invalid("belongs to another request");
        }
        if (content.path("e").asLong() < clock.instant().getEpochSecond()) {
            throw invalid("has expired: send the request again without it");
        }
        return content.get("s");
    }

    /** Returns a digest of the request without its answers, and of its caller. */
    private static String digest(Request request) {
        ObjectNode salient = request.params().deepCopy();
        salient.remove("inputResponses");
        salient.remove("requestState");
        salient.remove("_meta");
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String principal = request.metadata().principal();
            // A request without a caller differs from one of a caller with any name.
            update(digest, principal == null ? "" : "=" + principal);
            update(digest, request.method());
            update(digest, Json.canonical(salient));
            return ENCODER.encodeToString(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(utf8(text));
        digest.update((byte) 0);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String mac(String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return ENCODER.encodeToString(mac.doFinal(utf8(body)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JVM has " + ALGORITHM, e);
        }
    }

    private static byte[] bytes(ObjectNode content) {
        try {
            return Json.MAPPER.writeValueAsBytes(content);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RpcException invalid(String why) {
        return RpcException.invalidParams("requestState " + why + ".");
    }
}
