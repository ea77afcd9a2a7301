package io.qicore.mcp.tool.change;

/**
 * Names and descriptions of what all tools with a planned change have in common, so that each schema says the same.
 *
 * <pre>{@code
 * record Arguments(
 *         String topic,
 *         @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false") boolean dryRun,
 *         @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable String planHash) {}
 * }</pre>
 */
public final class ChangeArguments {

    /** Name of the argument, and of the member of a result, with the hash of a plan. */
    public static final String PLAN_HASH = "planHash";

    /** Name of the argument that asks for the plan only. */
    public static final String DRY_RUN = "dryRun";

    /** Name of the member of a result that says how to make the change. */
    public static final String NEXT = "next";

    /** Describes the argument {@value #DRY_RUN}, whose default is false in every tool. */
    public static final String DRY_RUN_DESCRIPTION = "Show the plan, change nothing";

    /** Describes the argument {@value #PLAN_HASH}. */
    public static final String PLAN_HASH_DESCRIPTION = "Apply this plan; fails if it changed";

    /** Describes the member {@value #PLAN_HASH} of a result. */
    public static final String PLAN_HASH_RESULT_DESCRIPTION = "Repeat the call with it to apply this plan";

    private ChangeArguments() {}
}
