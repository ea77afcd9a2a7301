package io.qicore.mcp.tool.change;

/**
 * A change that a tool has planned but not yet applied. Each call plans the change again from the current state of the
 * system; an instance is used by one call only and need not be thread-safe.
 *
 * @param <R> the type of the tool's result
 * @param <X> the checked exception of the system behind the tool, such as {@link java.sql.SQLException};
 *     {@link RuntimeException} if there is none
 */
public interface PlannedChange<R, X extends Exception> {

    /**
     * Returns the {@linkplain PlanHash hash} of the change and of the state that it was planned for. Plans that differ
     * in anything relevant to the user have different hashes.
     */
    String hash();

    /** Returns the question to the user: what the change does and what its consequences are. */
    String question();

    /**
     * Returns whether the change deletes something permanently or makes a consumer group skip records on more than one
     * partition. The default implementation returns true, which is the safe choice.
     */
    default boolean isDestructive() {
        return true;
    }

    /**
     * Returns the preview of the change as a result of the tool. Changes nothing.
     *
     * @param planHash the value of the result's member {@value ChangeArguments#PLAN_HASH}
     * @param next the value of the result's member {@value ChangeArguments#NEXT}, which tells how to apply the change
     * @throws X if the system behind the tool fails
     */
    R preview(String planHash, String next) throws X;

    /**
     * Applies the change and returns the result of the tool.
     *
     * @throws X if the system behind the tool fails
     */
    R apply() throws X;
}
