package io.qicore.mcp.client.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.tool.LogLevel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A log message of a server. Its text comes from the server: escape it before it goes into a log of your own. Immutable,
 * provided that the JSON is not modified.
 *
 * @param level the severity
 * @param logger the name of the logger, or null
 * @param data the message, usually a text
 */
public record LogMessage(LogLevel level, @Nullable String logger, JsonNode data) {
    /** Requires what is not marked as nullable. */
    public LogMessage {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(level, "level");
    }
}
