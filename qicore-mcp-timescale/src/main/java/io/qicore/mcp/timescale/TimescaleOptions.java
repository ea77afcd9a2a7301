package io.qicore.mcp.timescale;

import java.util.Map;

/**
 * What a {@link TimescaleMCPServer} offers. Immutable.
 *
 * @param writesEnabled whether it has the tools that create tables and hypertables; {@code query} only ever reads
 * @param roleCheck what it does when its database role may do more than it needs
 */
public record TimescaleOptions(boolean writesEnabled, RoleCheckMode roleCheck) {

    /** Reading, and the tools that create and never overwrite or delete. */
    public static final TimescaleOptions DEFAULTS = new TimescaleOptions(true);

    /** Reading only. */
    public static final TimescaleOptions READ_ONLY = new TimescaleOptions(false);

    /** Warns of a role that may do more than it needs. */
    public TimescaleOptions(boolean writesEnabled) {
        this(writesEnabled, RoleCheckMode.WARN);
    }

    /** The same with another check of the role. */
    public TimescaleOptions withRoleCheck(RoleCheckMode mode) {
        return new TimescaleOptions(writesEnabled, mode);
    }

    /**
     * From the settings {@code TIMESCALE_WRITES_ENABLED}, {@code true} (the default) or {@code false}, and
     * {@code TIMESCALE_ROLE_CHECK}, see {@link RoleCheckMode#fromSettings}.
     *
     * @throws IllegalArgumentException if one of them is anything else
     */
    public static TimescaleOptions fromSettings(Map<String, String> settings) {
        return new TimescaleOptions(writes(settings), RoleCheckMode.fromSettings(settings));
    }

    private static boolean writes(Map<String, String> settings) {
        String text = settings.getOrDefault("TIMESCALE_WRITES_ENABLED", "true").strip();
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        if (text.equalsIgnoreCase("false")) {
            return false;
        }
        throw new IllegalArgumentException("TIMESCALE_WRITES_ENABLED must be true or false, not '" + text + "'.");
    }
}
