package io.qicore.mcp.host;

import io.qicore.mcp.server.ServerStartException;
import io.qicore.mcp.server.StatelessMCPServer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of one application, by name. Starts and stops them together; a server that fails does not keep the others
 * from running. Thread-safe.
 */
public final class MCPServerRegistry implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MCPServerRegistry.class);

    private final Map<String, StatelessMCPServer> servers = new LinkedHashMap<>();
    private final Map<String, Exception> failures = new LinkedHashMap<>();

    /** Creates an empty registry. */
    public MCPServerRegistry() {}

    /**
     * Adds a server, which {@link #startAll} will start.
     *
     * @throws IllegalArgumentException if another server has the name
     */
    public synchronized void register(String name, StatelessMCPServer server) {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(name, "name");
        if (servers.putIfAbsent(name, server) != null) {
            throw new IllegalArgumentException("A server '" + name + "' is registered already.");
        }
    }

    /**
     * Initializes and starts every server that is not running, in the order of registration. A failure is logged and
     * kept in {@link #failures()}; the failed server is cleaned up. When this method returns, every other server
     * accepts requests.
     */
    public synchronized void startAll() {
        servers.forEach((name, server) -> {
            try {
                server.initialize();
                server.start();
                failures.remove(name);
                log.info(
                        "Started MCP server {} {}",
                        name,
                        endpoint(name).map(URI::toString).orElse(""));
            } catch (ServerStartException e) {
                failed(name, e.getCause() instanceof Exception cause ? cause : e);
                server.cleanup();
            } catch (RuntimeException e) {
                failed(name, e);
                server.cleanup();
            } catch (LinkageError e) {
                // A library is missing or has a wrong version, which affects only this server.
                failed(name, new IllegalStateException(e.toString(), e));
                server.cleanup();
            }
        });
    }

    /** Stops and cleans up every server, in the reverse order of registration. When this method returns, no connection is open. */
    public synchronized void stopAll() {
        List<String> names = new ArrayList<>(servers.keySet());
        Collections.reverse(names);
        for (String name : names) {
            try {
                servers.get(name).cleanup();
                log.info("Stopped MCP server {}", name);
            } catch (RuntimeException e) {
                log.error("Failed to stop MCP server {}", name, e);
            }
        }
    }

    /** Returns the server of a name, if one is registered. */
    public synchronized Optional<StatelessMCPServer> get(String name) {
        Objects.requireNonNull(name, "name");
        return Optional.ofNullable(servers.get(name));
    }

    /** Returns the names of all servers, in the order of registration. */
    public synchronized Set<String> names() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(servers.keySet()));
    }

    /** Returns the reasons why servers do not run, by name of the server; empty if all run. */
    public synchronized Map<String, Exception> failures() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    }

    /** Returns the address of a running server, if one of its transports has an address. */
    public synchronized Optional<URI> endpoint(String name) {
        Objects.requireNonNull(name, "name");
        return get(name)
                .filter(server -> server.state() == StatelessMCPServer.State.STARTED)
                .flatMap(server -> server.transports().stream()
                        .flatMap(transport -> transport.endpoint().stream())
                        .findFirst());
    }

    /** Does the same as {@link #stopAll()}. */
    @Override
    public void close() {
        stopAll();
    }

    /** Records that a server cannot run. */
    synchronized void failed(String name, Exception thrown) {
        Exception failure = reason(thrown);
        if (failure instanceof IllegalArgumentException || failure instanceof IOException) {
            // A mistake in the configuration or a port in use: the message is enough, a stack trace does not help.
            log.error("Failed to start MCP server {}: {}", name, failure.getMessage());
            log.debug("Failed to start MCP server {}", name, failure);
        } else {
            log.error("Failed to start MCP server {}: {}", name, failure.getMessage(), failure);
        }
        failures.put(name, failure);
    }

    /** Returns what a server or transport threw, without the exception that {@code start()} wraps it in. */
    private static Exception reason(Exception thrown) {
        return thrown instanceof ServerStartException && thrown.getCause() instanceof Exception cause ? cause : thrown;
    }
}
