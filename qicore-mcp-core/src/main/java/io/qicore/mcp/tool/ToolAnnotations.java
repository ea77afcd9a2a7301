package io.qicore.mcp.tool;

/**
 * What a tool does to its environment, as hosts need it to decide whether to ask a human first. Immutable.
 *
 * @param readOnlyHint the tool changes nothing
 * @param destructiveHint the tool may overwrite or delete; meaningless when read-only
 * @param idempotentHint a second call with the same arguments changes nothing more
 * @param openWorldHint the tool reaches systems outside the one that its server stands for
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/server/tools">MCP 2026-07-28, Tools</a>
 */
public record ToolAnnotations(
        boolean readOnlyHint, boolean destructiveHint, boolean idempotentHint, boolean openWorldHint) {

    /** Changes nothing. */
    public static ToolAnnotations readOnly() {
        return new ToolAnnotations(true, false, true, false);
    }

    /** Adds something and overwrites nothing. */
    public static ToolAnnotations additive() {
        return new ToolAnnotations(false, false, false, false);
    }

    /** May overwrite or delete. */
    public static ToolAnnotations destructive() {
        return new ToolAnnotations(false, true, false, false);
    }

    /** The same, and a repeated call changes nothing more. */
    public ToolAnnotations idempotent() {
        return new ToolAnnotations(readOnlyHint, destructiveHint, true, openWorldHint);
    }

    /** The same, and it reaches outside systems, such as a public web service. */
    public ToolAnnotations openWorld() {
        return new ToolAnnotations(readOnlyHint, destructiveHint, idempotentHint, true);
    }
}
