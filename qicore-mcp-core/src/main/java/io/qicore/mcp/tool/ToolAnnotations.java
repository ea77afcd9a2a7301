package io.qicore.mcp.tool;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tool does to its environment, as hosts need it to decide whether to ask a human first. As JSON it leaves out
 * what the specification assumes anyway, but never that a tool is destructive. Immutable.
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

    @JsonCreator
    private static ToolAnnotations fromJson(
            @JsonProperty("readOnlyHint") @Nullable Boolean readOnly,
            @JsonProperty("destructiveHint") @Nullable Boolean destructive,
            @JsonProperty("idempotentHint") @Nullable Boolean idempotent,
            @JsonProperty("openWorldHint") @Nullable Boolean openWorld) {
        boolean reads = or(readOnly, false);
        return new ToolAnnotations(reads, or(destructive, !reads), or(idempotent, reads), or(openWorld, true));
    }

    private static boolean or(@Nullable Boolean said, boolean assumed) {
        return said == null ? assumed : said;
    }

    @JsonValue
    private Map<String, Boolean> toJson() {
        Map<String, Boolean> hints = new LinkedHashMap<>();
        if (readOnlyHint) {
            // The two below mean nothing then.
            hints.put("readOnlyHint", true);
        } else {
            // Also where it is the assumption: a host that takes what is not said for false would not ask.
            hints.put("destructiveHint", destructiveHint);
            if (idempotentHint) {
                hints.put("idempotentHint", true);
            }
        }
        if (!openWorldHint) {
            hints.put("openWorldHint", false);
        }
        return hints;
    }
}
