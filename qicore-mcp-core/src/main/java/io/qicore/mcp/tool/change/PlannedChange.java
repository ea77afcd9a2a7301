package io.qicore.mcp.tool.change;

/**
 * A change that a tool has planned and not made yet. Planned anew for each call, from the state of the system at that
 * time, and used by that call only.
 *
 * @param <R> the tool's result
 * @param <X> what the system behind the tool throws, such as {@link java.sql.SQLException}; {@link RuntimeException} if
 *     it throws nothing checked
 */
public interface PlannedChange<R, X extends Exception> {

    /**
     * The {@linkplain PlanHash hash} of what is to be done and of the state that it was planned for. Two plans that
     * differ in what a user would care about have different hashes.
     */
    String hash();

    /** The question to the user: what would be done and what follows from it. */
    String question();

    /**
     * Whether the change deletes something for good, or makes a consumer group skip records on more than one partition.
     * Default: true, so that a change that says nothing is asked about.
     */
    default boolean isDestructive() {
        return true;
    }

    /**
     * Returns the tool's result when nothing is changed: what would be.
     *
     * @param planHash for the result's {@value ChangeArguments#PLAN_HASH}
     * @param next for the result's {@value ChangeArguments#NEXT}: how to make the change
     */
    R preview(String planHash, String next) throws X;

    /** Makes the change and returns the tool's result. */
    R apply() throws X;
}
