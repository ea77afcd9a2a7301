package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.LogLevel;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the client of a request can do and wants to be told.
 *
 * @param features what it can do
 * @param logLevel the lowest level of log messages that it wants, or null for none
 */
public record ClientProfile(
        Set<ClientFeature> features, @Nullable LogLevel logLevel) {

    public static final String TASKS = "io.modelcontextprotocol/tasks";

    /** The features that a {@code ClientCapabilities} object declares. Unknown members are ignored. */
    public static Set<ClientFeature> features(JsonNode capabilities) {
        Set<ClientFeature> features = EnumSet.noneOf(ClientFeature.class);
        JsonNode elicitation = capabilities.path("elicitation");
        if (elicitation.has("url")) {
            features.add(ClientFeature.ELICITATION_URL);
        }
        // An empty object is older than the choice of modes, and means forms.
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
        return features;
    }

    /** A {@code ClientCapabilities} object that declares the features. */
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
