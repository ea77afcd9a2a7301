package io.qicore.mcp.timescale.access;

import java.util.Locale;
import java.util.Map;

/** What a server does at its start when its database role may do more than its tools need, or less. */
public enum RoleCheckMode {
    /** Starts, and says so in the log with the SQL that would change it. */
    WARN,
    /** Does not start; nor does it if the role cannot be checked. */
    REFUSE,
    /** Does not look. */
    OFF;

    /**
     * From the setting {@code TIMESCALE_ROLE_CHECK}: {@code warn} (the default), {@code refuse} or {@code off}.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static RoleCheckMode fromSettings(Map<String, String> settings) {
        String text = settings.getOrDefault("TIMESCALE_ROLE_CHECK", "warn").strip();
        try {
            return valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "TIMESCALE_ROLE_CHECK must be warn, refuse or off, not '" + text + "'.", e);
        }
    }
}
