package io.qicore.mcp.timescale;

import java.util.Map;

/**
 * What a {@link TimescaleMCPServer} offers. Immutable.
 *
 * @param writesEnabled whether it has the tools that create tables and hypertables; {@code query} only ever reads
 */
public record TimescaleOptions(boolean writesEnabled) {

    /** Reading, and the tools that create and never overwrite or delete. */
    public static final TimescaleOptions DEFAULTS = new TimescaleOptions(true);

    /** Reading only. */
    public static final TimescaleOptions READ_ONLY = new TimescaleOptions(false);

    /**
     * From the setting {@code TIMESCALE_WRITES_ENABLED}, {@code true} (the default) or {@code false}.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static TimescaleOptions fromSettings(Map<String, String> settings) {
        String text = settings.getOrDefault("TIMESCALE_WRITES_ENABLED", "true").strip();
        if (text.equalsIgnoreCase("true")) {
            return DEFAULTS;
        }
        if (text.equalsIgnoreCase("false")) {
            return READ_ONLY;
        }
        throw new IllegalArgumentException("TIMESCALE_WRITES_ENABLED must be true or false, not '" + text + "'.");
    }
}
