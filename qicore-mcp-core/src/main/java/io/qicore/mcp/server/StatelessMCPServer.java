package io.qicore.mcp.server;

import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.task.TaskStore;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.transport.ServerTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Base of every MCP server: an adapter between AI agents and one infrastructure resource.
 *
 * <p>A subclass holds connections and immutable configuration and nothing else, so that any replica can answer any
 * request. It says which tools there are and how to connect; the base class runs the protocol.
 *
 * <pre>{@code
 * final class ClockMCPServer extends StatelessMCPServer {
 *     record Now(Instant now) {}
 *     record NoArguments() {}
 *
 *     ClockMCPServer() {
 *         super(new ServerInfo("clock", "1.0"));
 *     }
 *
 *     @Override
 *     public List<MCPTool> tools() {
 *         return List.of(MCPTool.builder("now", NoArguments.class, Now.class)
 *                 .description("Tells the time.")
 *                 .annotations(ToolAnnotations.readOnly())
 *                 .handler((arguments, context) -> new Now(Instant.now()))
 *                 .build());
 *     }
 * }
 *
 * var server = new ClockMCPServer().addTransport(HttpTransport.onPort(8080));
 * server.initialize();
 * server.start();
 * }</pre>
 *
 * <p>Life cycle: {@link #initialize()} → {@link #start()} → {@link #stop()} → {@link #cleanup()}, and from there again.
 * Each step may be called twice; the second call does nothing. Steps exclude each other; everything else is thread-safe.
 */
public abstract class StatelessMCPServer implements AutoCloseable {

    /** How long {@link #stop()} waits for calls in flight, unless {@link #setDrainTimeout} says otherwise. */
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(10);

    /** How long a tool call may take, unless {@link #setCallTimeout} says otherwise. */
    public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(StatelessMCPServer.class);

    /** Where a server is in its life cycle. */
    public enum State {
        /** Built, or cleaned up: holds no connection. */
        NEW,
        /** Connected, answers through {@link #engine()}; no transport listens. */
        INITIALIZED,
        /** Every transport accepts requests. */
        STARTED
    }

    private final ServerInfo info;
    private final List<ServerTransport> transports = new ArrayList<>();
    private Duration drainTimeout = DEFAULT_DRAIN_TIMEOUT;
    private Duration callTimeout = DEFAULT_CALL_TIMEOUT;
    private byte @Nullable [] stateKey;
    private @Nullable TaskStore taskStore;
    private volatile State state = State.NEW;
    private volatile @Nullable MCPEngine engine;

    /** A server of the given identity, with no transport yet. */
    protected StatelessMCPServer(ServerInfo info) {
        this.info = Objects.requireNonNull(info);
    }

    /**
     * The tools that this server offers, in the order in which agents see them. Called once for each
     * {@link #initialize()}, after {@link #connect()}; tests may call it at any time.
     */
    public abstract List<MCPTool> tools();

    /** The resources and templates that this server offers, in the order in which clients see them. Default: none. */
    public List<MCPResource> resources() {
        return List.of();
    }

    /** The prompts that this server offers, in the order in which clients see them. Default: none. */
    public List<MCPPrompt> prompts() {
        return List.of();
    }

    /**
     * Opens what the tools need, such as a client or a pool. It should not wait for the remote side: a broker that is
     * down now may be up at the first call. Called by {@link #initialize()}. Default: nothing.
     *
     * @throws Exception when the server cannot work at all; {@link #disconnect()} is called then, too
     */
    protected void connect() throws Exception {}

    /** Closes what {@link #connect()} opened. Called by {@link #cleanup()}. Default: nothing. */
    protected void disconnect() throws Exception {}

    /** Who this server says it is. */
    public final ServerInfo info() {
        return info;
    }

    /** Where this server is in its life cycle. */
    public final State state() {
        return state;
    }

    /**
     * Adds a way to reach this server. Without any, applications reach it through {@link #engine()}.
     *
     * @return this server
     * @throws IllegalStateException when it has been started
     */
    public final synchronized StatelessMCPServer addTransport(ServerTransport transport) {
        requireNotStarted("transports");
        transports.add(Objects.requireNonNull(transport));
        return this;
    }

    /** The transports, in the order in which they were added. */
    public final synchronized List<ServerTransport> transports() {
        return List.copyOf(transports);
    }

    /**
     * Sets how long a tool call may take. Takes effect with {@link #initialize()}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public final synchronized void setCallTimeout(Duration timeout) {
        this.callTimeout = positive(timeout, "Call timeout");
    }

    /**
     * Sets how long {@link #stop()} waits for calls in flight before it cancels them.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public final synchronized void setDrainTimeout(Duration timeout) {
        this.drainTimeout = positive(timeout, "Drain timeout");
    }

    /**
     * Sets the key that seals what a handler remembers while its client fetches input; replicas must share it. Takes
     * effect with {@link #initialize()}. Default: a random one, which is enough for one replica.
     *
     * @param key 32 random bytes or more; copied
     */
    public final synchronized void setStateKey(byte[] key) {
        this.stateKey = key.clone();
    }

    /**
     * Sets where tool calls that go on as tasks are kept. Takes effect with {@link #initialize()}. Default: nowhere, so
     * that every call is answered with its result.
     */
    public final synchronized void setTaskStore(TaskStore store) {
        this.taskStore = Objects.requireNonNull(store);
    }

    /** Reads {@link #tools()} again and tells the clients that listen for changes. */
    protected final void toolsChanged() {
        engine().replaceTools(tools());
    }

    /** Reads {@link #resources()} again and tells the clients that listen for changes. */
    protected final void resourcesChanged() {
        engine().replaceResources(resources());
    }

    /** Reads {@link #prompts()} again and tells the clients that listen for changes. */
    protected final void promptsChanged() {
        engine().replacePrompts(prompts());
    }

    /**
     * Connects and prepares the engine. When this method returns, {@link #engine()} answers; no transport listens yet.
     *
     * @throws Exception from {@link #connect()} or for tools that clash; the server is {@link State#NEW} again then
     */
    public final synchronized void initialize() throws Exception {
        if (state != State.NEW) {
            return;
        }
        try {
            connect();
            MCPEngine.Builder builder = MCPEngine.builder(info)
                    .tools(tools())
                    .resources(resources())
                    .prompts(prompts())
                    .callTimeout(callTimeout);
            if (stateKey != null) {
                builder.stateKey(stateKey);
            }
            if (taskStore != null) {
                builder.taskStore(taskStore);
            }
            engine = builder.build();
            state = State.INITIALIZED;
        } catch (Exception | Error e) {
            disconnectAfter(e);
            throw e;
        }
    }

    /**
     * Starts the transports; initializes first if that has not been done. When this method returns, every transport
     * accepts requests.
     *
     * @throws Exception if one cannot, for example because its port is in use; those that started are stopped again, and
     *     the server is in the state that it was in before
     */
    public final synchronized void start() throws Exception {
        if (state == State.STARTED) {
            return;
        }
        State before = state;
        initialize();
        List<ServerTransport> started = new ArrayList<>();
        try {
            for (ServerTransport transport : transports) {
                transport.start(engine());
                started.add(transport);
            }
            state = State.STARTED;
        } catch (Exception | Error e) {
            stopTransports(started);
            if (before == State.NEW) {
                cleanup();
            }
            throw e;
        }
    }

    /**
     * Stops the transports. New requests are refused at once; calls in flight may end within the drain timeout and are
     * cancelled after it. When this method returns, no transport listens and no call runs.
     */
    public final synchronized void stop() {
        if (state != State.STARTED) {
            return;
        }
        stopTransports(transports);
        // Those that came through engine(), such as an in-process client's.
        engine().drain(drainTimeout);
        state = State.INITIALIZED;
    }

    /** Stops if necessary, lets calls in flight end as {@link #stop()} does, and disconnects. When this method returns, nothing of this server is left open or running. */
    public final synchronized void cleanup() {
        stop();
        if (state == State.NEW) {
            return;
        }
        // An in-process client may have called without any start().
        engine().close(drainTimeout);
        engine = null;
        state = State.NEW;
        disconnectAfter(null);
    }

    /** The same as {@link #cleanup()}. */
    @Override
    public final void close() {
        cleanup();
    }

    /**
     * The protocol as one function, for tests and for an application's own transport.
     *
     * @throws IllegalStateException before {@link #initialize()}
     */
    public final MCPEngine engine() {
        MCPEngine current = engine;
        if (current == null) {
            throw new IllegalStateException(info.name() + " is not initialized: call initialize() first.");
        }
        return current;
    }

    /**
     * The tool of a name.
     *
     * @throws NoSuchElementException if there is none
     */
    public final MCPTool tool(String name) {
        return tools().stream()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(info.name() + " has no tool '" + name + "'."));
    }

    private void stopTransports(List<ServerTransport> running) {
        for (ServerTransport transport : running) {
            try {
                transport.stop(drainTimeout);
            } catch (Exception e) {
                log.warn("{}: {} did not stop cleanly", info.name(), transport, e);
            }
        }
    }

    private void disconnectAfter(@Nullable Throwable failure) {
        try {
            disconnect();
        } catch (Exception e) {
            if (failure == null) {
                log.warn("{} did not disconnect cleanly", info.name(), e);
            } else {
                failure.addSuppressed(e);
            }
        }
    }

    private void requireNotStarted(String what) {
        if (state == State.STARTED) {
            throw new IllegalStateException(info.name() + " is running: set its " + what + " before start().");
        }
    }

    private static Duration positive(Duration timeout, String what) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(what + " must be positive, not " + timeout + ".");
        }
        return timeout;
    }
}
