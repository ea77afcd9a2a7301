package io.qicore.mcp.internal.engine.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.internal.engine.call.Handshake;
import io.qicore.mcp.internal.json.Fingerprint;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ClientFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The session id of an HTTP client of an older revision. It contains the handshake, so that no replica has to
 * remember it. It is not a secret and grants nothing: it only affects what the client that sends it is asked. It belongs to the
 * caller that has made the handshake.
 */
public final class LegacySession {

    private static final int MAX_LENGTH = 512;
    private static final int OWNER_BYTES = 16;

    private LegacySession() {}

    /** Returns whether a session id belongs to another caller. */
    static boolean isOfAnother(@Nullable String id, Caller caller) {
        JsonNode json = read(id);
        return json.path("v").isTextual() && !json.path("c").asText().equals(caller.isAnonymous() ? "" : owner(caller));
    }

    /** Returns a digest of the caller, since the session id gets into logs of proxies. */
    private static String owner(Caller caller) {
        return Fingerprint.of(OWNER_BYTES, "session", caller.identity());
    }

    private static JsonNode read(@Nullable String id) {
        if (id == null || id.length() > MAX_LENGTH) {
            return MissingNode.getInstance();
        }
        try {
            return Json.MAPPER.readTree(Base64.getUrlDecoder().decode(id));
        } catch (IllegalArgumentException | IOException notOurs) {
            return MissingNode.getInstance();
        }
    }

    /** Returns the handshake in a session id, or empty if this server did not create the session id. */
    static Optional<Handshake> parse(@Nullable String id) {
        JsonNode json = read(id);
        try {
            Set<ClientFeature> features = EnumSet.noneOf(ClientFeature.class);
            for (JsonNode feature : json.path("f")) {
                features.add(ClientFeature.valueOf(feature.asText()));
            }
            features.remove(ClientFeature.TASKS);
            return json.path("v").isTextual()
                    ? Optional.of(new Handshake(json.get("v").textValue(), features))
                    : Optional.empty();
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /**
     * Visible ASCII, as the session id must be. Different for each client, so that a load balancer can route by it.
     */
    public static String encode(Handshake handshake, Caller caller) {
        ObjectNode json = Json.object()
                .put("v", handshake.version())
                .put("n", UUID.randomUUID().toString());
        if (!caller.isAnonymous()) {
            json.put("c", owner(caller));
        }
        handshake.features().forEach(feature -> json.withArray("f").add(feature.name()));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
