package io.qicore.mcp.timescale.access;

import io.qicore.mcp.tool.change.ConfirmationMode;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What a {@code TimescaleMCPServer} offers. Immutable.
 *
 * @param writesEnabled whether it has the tools that create, change and delete; {@code query} only ever reads
 * @param confirmation when a tool that deletes data or ends somebody's statement asks first
 * @param roleCheck what it does when its database role may do more than it needs
 */
public record TimescaleOptions(boolean writesEnabled, ConfirmationMode confirmation, RoleCheckMode roleCheck) {

    /** Reading and writing; what deletes asks first where the client can ask. */
    public static final TimescaleOptions DEFAULTS = new TimescaleOptions(true);

    /** Reading only. */
    public static final TimescaleOptions READ_ONLY = new TimescaleOptions(false);

    /** Checks that nothing is missing. */
    public TimescaleOptions {
        Objects.requireNonNull(confirmation);
        Objects.requireNonNull(roleCheck);
    }

    /** Asks {@link ConfirmationMode#DESTRUCTIVE}, and warns of a role that may do more than it needs. */
    public TimescaleOptions(boolean writesEnabled) {
        this(writesEnabled, ConfirmationMode.DESTRUCTIVE, RoleCheckMode.WARN);
    }

    /** The same with another check of the role. */
    public TimescaleOptions withRoleCheck(RoleCheckMode mode) {
        return new TimescaleOptions(writesEnabled, confirmation, mode);
    }

    /** The same, asking at other times. */
    public TimescaleOptions withConfirmation(ConfirmationMode mode) {
        return new TimescaleOptions(writesEnabled, mode, roleCheck);
    }

    /**
     * From the settings {@code TIMESCALE_WRITES_ENABLED}, {@code true} (the default) or {@code false},
     * {@code TIMESCALE_TOOLS_CONFIRMATION}, {@code when-supported} (the default), {@code always} or {@code never}, and
     * {@code TIMESCALE_ROLE_CHECK}, see {@link RoleCheckMode#fromSettings}.
     *
     * @throws IllegalArgumentException if one of them is anything else
     */
    public static TimescaleOptions fromSettings(Map<String, String> settings) {
        return new TimescaleOptions(writes(settings), confirmation(settings), RoleCheckMode.fromSettings(settings));
    }

    private static boolean writes(Map<String, String> settings) {
        String text = settings.getOrDefault("TIMESCALE_WRITES_ENABLED", "true").strip();
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw new IllegalArgumentException("TIMESCALE_WRITES_ENABLED must be true or false, not '" + text + "'.");
        }
        return text.equalsIgnoreCase("true");
    }

    private static ConfirmationMode confirmation(Map<String, String> settings) {
        String text = settings.getOrDefault("TIMESCALE_TOOLS_CONFIRMATION", "when-supported")
                .strip();
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "when-supported" -> ConfirmationMode.DESTRUCTIVE;
            case "always" -> ConfirmationMode.ALWAYS;
            case "never" -> ConfirmationMode.NEVER;
            default ->
                throw new IllegalArgumentException(
                        "TIMESCALE_TOOLS_CONFIRMATION must be when-supported, always or never, not '" + text + "'.");
        };
    }
}
