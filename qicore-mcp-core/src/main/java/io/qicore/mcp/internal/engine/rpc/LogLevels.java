package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.LogLevel;
import java.util.Locale;

/** Reads and writes log levels and log messages on the wire. */
public final class LogLevels {

    private LogLevels() {}

    public static LogLevel parse(JsonNode level) throws RpcException {
        for (LogLevel known : LogLevel.values()) {
            if (name(known).equals(level.textValue())) {
                return known;
            }
        }
        throw RpcException.invalidParams("Unknown log level " + level
                + ": debug, info, notice, warning, error, critical, alert and emergency are known.");
    }

    public static ObjectNode notification(LogLevel level, String logger, Object data) {
        ObjectNode params = Json.object().put("level", name(level)).put("logger", logger);
        params.set("data", Json.MAPPER.valueToTree(data));
        return Replies.notification(MethodNames.MESSAGE, params);
    }

    private static String name(LogLevel level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
