package io.qicore.mcp.tool;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hints about the effect of a tool, by which a host decides whether to ask the user before a call. The JSON form omits
 * hints that equal the default of the specification, except {@code destructiveHint}. Immutable.
 *
 * @param readOnlyHint whether the tool is read-only
 * @param destructiveHint whether the tool may overwrite or delete something; ignored if the tool is read-only
 * @param idempotentHint whether repeating a call with the same arguments has no additional effect
 * @param openWorldHint whether the tool reaches systems beyond the one that its server gives access to
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/server/tools">MCP 2026-07-28, Tools</a>
 */
public record ToolAnnotations(
        boolean readOnlyHint, boolean destructiveHint, boolean idempotentHint, boolean openWorldHint) {

    /** Returns the hints of a tool that only reads. */
    public static ToolAnnotations readOnly() {
        return new ToolAnnotations(true, false, true, false);
    }

    /** Returns the hints of a tool that creates something but never overwrites or deletes. */
    public static ToolAnnotations additive() {
        return new ToolAnnotations(false, false, false, false);
    }

    /** Returns the hints of a tool that may overwrite or delete. */
    public static ToolAnnotations destructive() {
        return new ToolAnnotations(false, true, false, false);
    }

    /** Returns a copy of these hints for a tool that is idempotent. */
    public ToolAnnotations idempotent() {
        return new ToolAnnotations(readOnlyHint, destructiveHint, true, openWorldHint);
    }

    /** Returns a copy of these hints for a tool that reaches external systems, such as a public web service. */
    public ToolAnnotations openWorld() {
        return new ToolAnnotations(readOnlyHint, destructiveHint, idempotentHint, true);
    }

    @JsonCreator
    private static ToolAnnotations fromJson(
            @JsonProperty("readOnlyHint") @Nullable Boolean readOnly,
            @JsonProperty("destructiveHint") @Nullable Boolean destructive,
            @JsonProperty("idempotentHint") @Nullable Boolean idempotent,
            @JsonProperty("openWorldHint") @Nullable Boolean openWorld) {
        boolean isReadOnly = orDefault(readOnly, false);
        return new ToolAnnotations(
                isReadOnly,
                orDefault(destructive, !isReadOnly),
                orDefault(idempotent, isReadOnly),
                orDefault(openWorld, true));
    }

    private static boolean orDefault(@Nullable Boolean hint, boolean defaultValue) {
        return hint == null ? defaultValue : hint;
    }

    @JsonValue
    private Map<String, Boolean> toJson() {
        Map<String, Boolean> hints = new LinkedHashMap<>();
        if (readOnlyHint) {
            // The destructive and idempotent hints have no meaning for a read-only tool.
            hints.put("readOnlyHint", true);
        } else {
            // Written although true is the default: a host that takes a missing hint for false would not ask the user.
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
