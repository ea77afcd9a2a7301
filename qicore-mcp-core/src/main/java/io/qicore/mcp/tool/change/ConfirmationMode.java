package io.qicore.mcp.tool.change;

/**
 * Which planned changes need the user's agreement. In every mode a call with a plan hash is its own confirmation, and a
 * dry run changes nothing.
 */
public enum ConfirmationMode {
    /**
     * Those that delete something for good, or skip records on more than one partition; see
     * {@link PlannedChange#isDestructive}. The default.
     */
    DESTRUCTIVE,
    /** All. */
    ALWAYS,
    /** None. */
    NEVER;

    boolean asksBefore(PlannedChange<?, ?> change) {
        return switch (this) {
            case DESTRUCTIVE -> change.isDestructive();
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }
}
