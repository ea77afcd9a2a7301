package io.qicore.mcp.client.oauth;

import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The scopes that were got for an operation of a server because it had refused the operation without them. A server that refuses it
 * with them, too, would make the client ask again at each call. Thread-safe.
 */
final class StepUps {

    private static final int MAX_OPERATIONS = 1_000;

    private record Operation(URI server, String name) {}

    // Guarded by this.
    private final Map<Operation, Set<String>> done = new LinkedHashMap<>();

    /** Returns whether all scopes were got for the operation. */
    synchronized boolean isDone(URI server, String operation, Set<String> wanted) {
        Set<String> got = done.get(new Operation(server, operation));
        return got != null && got.containsAll(wanted);
    }

    /** Remembers that scopes were got for an operation. */
    synchronized void done(URI server, String operation, Set<String> wanted) {
        if (done.size() >= MAX_OPERATIONS) {
            done.keySet().remove(done.keySet().iterator().next());
        }
        done.computeIfAbsent(new Operation(server, operation), any -> new HashSet<>())
                .addAll(wanted);
    }

    /** Forgets a server, whose tokens are new. */
    synchronized void forget(URI server) {
        done.keySet().removeIf(operation -> operation.server().equals(server));
    }
}
