package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.interaction.LogLevel;
import java.util.Locale;

/** Log levels on the wire. */
final class LogLevels {

    private LogLevels() {}

    static LogLevel parse(JsonNode level) throws RpcException {
        for (LogLevel known : LogLevel.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(level.textValue())) {
                return known;
            }
        }
        throw RpcException.invalidParams("Unknown log level " + level
                + ": debug, info, notice, warning, error, critical, alert and emergency are known.");
    }
}
