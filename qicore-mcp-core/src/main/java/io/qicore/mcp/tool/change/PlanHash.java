package io.qicore.mcp.tool.change;

import io.qicore.mcp.internal.json.Fingerprint;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Computes the hash of a plan, which covers the change and the state of the system that the change was planned for. A
 * call with the hash applies exactly this plan or fails. The hash is a precondition, not a permission, so it is not
 * signed. Every replica computes the same hash.
 */
public final class PlanHash {

    private static final int BYTES = 12;

    private PlanHash() {}

    /**
     * Returns the hash of a plan: the first 12 bytes of a SHA-256 digest, as 16 URL-safe characters.
     *
     * @param tool the name of the tool
     * @param parts the values that identify the plan, in a fixed order; each can be written as JSON
     */
    public static String of(String tool, @Nullable Object... parts) {
        Objects.requireNonNull(tool, "tool");
        return Fingerprint.of(BYTES, tool, parts);
    }
}
