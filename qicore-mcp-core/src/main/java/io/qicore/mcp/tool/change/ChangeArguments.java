package io.qicore.mcp.tool.change;

/**
 * Names and descriptions of the arguments and result members that all tools with a planned change share.
 *
 * <pre>{@code
 * record Arguments(
 *         String topic,
 *         @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false") boolean dryRun,
 *         @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable String planHash) {}
 * }</pre>
 */
public final class ChangeArguments {

    /** The name of the argument, and of the result member, that holds the hash of a plan. */
    public static final String PLAN_HASH = "planHash";

    /** The name of the argument that requests a preview without a change. */
    public static final String DRY_RUN = "dryRun";

    /** The name of the result member that tells the agent how to apply the change. */
    public static final String NEXT = "next";

    /** The description of the argument {@value #DRY_RUN}, which is false by default in all tools. */
    public static final String DRY_RUN_DESCRIPTION = "Show the plan, change nothing";

    /** The description of the argument {@value #PLAN_HASH}. */
    public static final String PLAN_HASH_DESCRIPTION = "Apply this plan; fails if it changed";

    /** The description of the result member {@value #PLAN_HASH}. */
    public static final String PLAN_HASH_RESULT_DESCRIPTION = "Repeat the call with it to apply this plan";

    /** Describes the member {@value #NEXT} of a result. */
    public static final String NEXT_DESCRIPTION = "How to make the change, if it has not been made";

    private ChangeArguments() {}
}
