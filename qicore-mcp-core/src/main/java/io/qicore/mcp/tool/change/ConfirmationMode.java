package io.qicore.mcp.tool.change;

/**
 * Determines which planned changes the user must confirm. In every mode, a call with a plan hash counts as confirmed,
 * and a dry run changes nothing.
 */
public enum ConfirmationMode {
    /**
     * Requires a confirmation of destructive changes: those that delete something permanently or make a consumer group
     * skip records on more than one partition. This is the default. See {@link PlannedChange#isDestructive}.
     */
    DESTRUCTIVE,
    /** Requires a confirmation of every change. */
    ALWAYS,
    /** Never requires a confirmation. */
    NEVER;

    boolean asksBefore(PlannedChange<?, ?> change) {
        return switch (this) {
            case DESTRUCTIVE -> change.isDestructive();
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }
}
