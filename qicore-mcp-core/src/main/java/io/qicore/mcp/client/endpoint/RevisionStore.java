package io.qicore.mcp.client.endpoint;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which revision of MCP a server at an HTTP address speaks, so that a client does not have to ask at its first call.
 * Clients forget a revision when the server contradicts it; those that may not use all revisions keep none. If a method fails, the
 * client logs that and asks the server. Its methods return quickly. Must be thread-safe.
 */
public interface RevisionStore {

    /**
     * Returns the revision that was kept for a server; empty to have the server asked.
     *
     * @param server the address without its query
     */
    Optional<String> get(String server);

    /** Keeps the revision of a server. */
    void put(String server, String version);

    /** Forgets the revision of a server. */
    void remove(String server);

    /** Returns a store in memory, for several clients of the same servers. */
    static RevisionStore inMemory() {
        Map<String, String> versions = new ConcurrentHashMap<>();
        return new RevisionStore() {
            @Override
            public Optional<String> get(String server) {
                return Optional.ofNullable(versions.get(Objects.requireNonNull(server, "server")));
            }

            @Override
            public void put(String server, String version) {
                versions.put(Objects.requireNonNull(server, "server"), Objects.requireNonNull(version, "version"));
            }

            @Override
            public void remove(String server) {
                versions.remove(Objects.requireNonNull(server, "server"));
            }
        };
    }
}
