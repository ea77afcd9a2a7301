package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.interaction.ClientFeature;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What {@code initialize} told us about a client of an older revision. Over HTTP the client carries it itself, as its
 * session id, so that no replica has to remember it. It is no secret and proves nothing: all that it can change is what
 * the client that sends it gets asked.
 *
 * @param version the revision that was negotiated
 * @param features what the client can do
 */
record LegacySession(String version, Set<ClientFeature> features) {

    private static final int MAX_LENGTH = 512;

    /** The session that a client carries, unless the text is none of ours. */
    static Optional<LegacySession> parse(@Nullable String id) {
        if (id == null || id.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            JsonNode json = Json.MAPPER.readTree(Base64.getUrlDecoder().decode(id));
            Set<ClientFeature> features = EnumSet.noneOf(ClientFeature.class);
            for (JsonNode feature : json.path("f")) {
                features.add(ClientFeature.valueOf(feature.asText()));
            }
            features.remove(ClientFeature.TASKS);
            return json.path("v").isTextual()
                    ? Optional.of(new LegacySession(json.get("v").textValue(), features))
                    : Optional.empty();
        } catch (IllegalArgumentException | IOException notOurs) {
            return Optional.empty();
        }
    }

    /**
     * Visible ASCII, as the session id must be. Different for each client, so that a load balancer can route by it.
     */
    String encode() {
        ObjectNode json =
                Json.object().put("v", version).put("n", UUID.randomUUID().toString());
        features.forEach(feature -> json.withArray("f").add(feature.name()));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
