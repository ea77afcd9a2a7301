package io.qicore.mcp.client.oauth;

import java.util.Optional;

/**
 * Keeps tokens and registrations. The values are secret: a store on disk must encrypt them or be readable by its user only. The
 * default keeps them in memory. Must be thread-safe.
 */
public interface OAuthStore {

    /** Returns a value that was kept, or empty. */
    Optional<String> get(String key);

    /** Keeps a value, which replaces an earlier one. */
    void put(String key, String value);

    /** Forgets a value. */
    void remove(String key);
}
