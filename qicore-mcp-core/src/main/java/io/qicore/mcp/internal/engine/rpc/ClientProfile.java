package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.LogLevel;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The features that the client of a request supports, and the log messages that it wants.
 *
 * @param features what it can do
 * @param logLevel the lowest level of log messages that it wants, or null for none
 */
public record ClientProfile(
        Set<ClientFeature> features, @Nullable LogLevel logLevel) {

    public static final String TASKS = "io.modelcontextprotocol/tasks";

    /** Returns the features that a {@code ClientCapabilities} object declares, as an immutable set. Ignores unknown members. */
    public static Set<ClientFeature> features(JsonNode capabilities) {
        if (capabilities.isEmpty()) {
            return Set.of();
        }
        Set<ClientFeature> features = EnumSet.noneOf(ClientFeature.class);
        JsonNode elicitation = capabilities.path("elicitation");
        if (elicitation.has("url")) {
            features.add(ClientFeature.ELICITATION_URL);
        }
        // An empty object comes from a revision without modes, and means forms.
        if (elicitation.has("form") || (elicitation.isObject() && !elicitation.has("url"))) {
            features.add(ClientFeature.ELICITATION_FORM);
        }
        if (capabilities.path("sampling").isObject()) {
            features.add(ClientFeature.SAMPLING);
        }
        if (capabilities.path("roots").isObject()) {
            features.add(ClientFeature.ROOTS);
        }
        if (capabilities.path("extensions").path(TASKS).isObject()) {
            features.add(ClientFeature.TASKS);
        }
        return Collections.unmodifiableSet(features);
    }

    /** Returns a {@code ClientCapabilities} object that declares the features. */
    public static ObjectNode capabilities(Set<ClientFeature> features) {
        ObjectNode capabilities = Json.object();
        for (ClientFeature feature : features) {
            switch (feature) {
                case ELICITATION_FORM ->
                    capabilities.withObjectProperty("elicitation").putObject("form");
                case ELICITATION_URL ->
                    capabilities.withObjectProperty("elicitation").putObject("url");
                case SAMPLING -> capabilities.putObject("sampling");
                case ROOTS -> capabilities.putObject("roots");
                case TASKS -> capabilities.withObjectProperty("extensions").putObject(TASKS);
            }
        }
        return capabilities;
    }
}
