package io.qicore.mcp.tool.change;

import io.qicore.mcp.internal.json.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * Hashes a plan: what is to be done, and the state of the system that it was planned for. A call that names the hash
 * does exactly what the plan said, or nothing. The hash is a precondition and not a permission, so it is not signed, and
 * every replica computes the same one.
 */
public final class PlanHash {

    private static final int BYTES = 12;

    private PlanHash() {}

    /**
     * Returns 16 URL-safe characters: 12 bytes of SHA-256.
     *
     * @param tool name of the tool that plans
     * @param parts what makes the plan what it is, in an order that does not change; written as JSON
     */
    public static String of(String tool, @Nullable Object... parts) {
        return Fingerprint.of(BYTES, tool, parts);
    }
}
