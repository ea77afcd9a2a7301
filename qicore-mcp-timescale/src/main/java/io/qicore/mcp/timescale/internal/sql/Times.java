package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses points in time as agents write them. */
public final class Times {

    private Times() {}

    /**
     * Parses an ISO-8601 time with offset, or a date, which means its midnight in UTC. Null stays null.
     *
     * @param argument name of the argument, for the message
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if it is anything else
     */
    public static @Nullable Instant parse(@Nullable String text, String argument) {
        if (text == null) {
            return null;
        }
        try {
            return text.indexOf('T') >= 0
                    ? OffsetDateTime.parse(text.strip()).toInstant()
                    : LocalDate.parse(text.strip()).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            String shown = text.length() <= 50 ? text : text.substring(0, 50) + "…";
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'" + shown + "' is not a value for " + argument
                            + ": write 2026-01-31T12:00:00Z, an offset instead of Z, 2026-01-31, or an age such as 24h.",
                    Map.of("argument", argument),
                    e);
        }
    }
}
