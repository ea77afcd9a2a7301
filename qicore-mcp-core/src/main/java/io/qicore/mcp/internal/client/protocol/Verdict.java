package io.qicore.mcp.internal.client.protocol;

import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.RevisionStore;
import io.qicore.mcp.client.endpoint.ServerEndpoint;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a store knows of the revision of one server. Thread-safe. */
public final class Verdict {

    private static final Logger log = LoggerFactory.getLogger(Verdict.class);

    private final @Nullable RevisionStore store;
    private final String server;

    /** Returns that of an endpoint. A child process is asked by each client, since the verdict is one of the process. */
    public static Verdict of(@Nullable RevisionStore store, ServerEndpoint endpoint) {
        return endpoint instanceof HttpEndpoint http ? new Verdict(store, key(http.uri())) : new Verdict(null, "");
    }

    private Verdict(@Nullable RevisionStore store, String server) {
        this.store = store;
        this.server = server;
    }

    /** Returns the address with a digest of its query, which may contain credentials. */
    private static String key(URI uri) {
        String query = uri.getRawQuery();
        String address = uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
        return query == null ? address : address + "?" + UUID.nameUUIDFromBytes(query.getBytes(StandardCharsets.UTF_8));
    }

    Optional<String> get() {
        try {
            return store == null ? Optional.empty() : store.get(server);
        } catch (RuntimeException e) {
            failed("does not return", e);
            return Optional.empty();
        }
    }

    void put(String version) {
        if (store != null && !get().equals(Optional.of(version))) {
            try {
                store.put(server, version);
            } catch (RuntimeException e) {
                failed("does not keep", e);
            }
        }
    }

    void forget() {
        if (store != null) {
            try {
                store.remove(server);
            } catch (RuntimeException e) {
                failed("does not forget", e);
            }
        }
    }

    /** A client that has to ask the server is slower, but works. */
    private void failed(String what, RuntimeException why) {
        log.warn("The store of revisions {} that of {}", what, server, why);
    }
}
