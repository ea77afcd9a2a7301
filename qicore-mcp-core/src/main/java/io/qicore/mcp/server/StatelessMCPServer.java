package io.qicore.mcp.server;

import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.skill.MCPSkill;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.transport.ServerTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Base of every MCP server: an adapter between AI agents and one infrastructure resource.
 *
 * <p>A subclass holds only connections and immutable configuration, so that any replica can answer any request. It defines
 * the tools and how to connect; the base class implements the protocol and the life cycle.
 *
 * <pre>{@code
 * final class ClockMCPServer extends StatelessMCPServer {
 *     record Now(Instant now) {}
 *     record NoArguments() {}
 *
 *     ClockMCPServer(ServerSettings settings) {
 *         super(new ServerInfo("clock", "1.0"), settings);
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
 * var server = new ClockMCPServer(
 *         ServerSettings.builder().transport(HttpTransport.onPort(8080)).build());
 * server.start();
 * }</pre>
 *
 * <p>Life cycle: {@link #initialize()} → {@link #start()} → {@link #stop()} → {@link #cleanup()}, after which a
 * server can be initialized again. Calling a step a second time does nothing. Thread-safe; only one step runs at a time.
 */
public abstract class StatelessMCPServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StatelessMCPServer.class);

    /** The states of the life cycle. */
    public enum State {
        /** Created or cleaned up; holds no connection. */
        NEW,
        /** Connected; {@link #engine()} answers, but no transport accepts requests. */
        INITIALIZED,
        /** Every transport accepts requests. */
        STARTED
    }

    private final ServerInfo info;
    private final ServerSettings settings;
    private final CachedList<MCPTool> tools = new CachedList<>(this::timedTools);
    private final CachedList<MCPResource> resources = new CachedList<>(this::resources);
    private final CachedList<MCPPrompt> prompts = new CachedList<>(this::prompts);
    private volatile State state = State.NEW;
    private volatile @Nullable MCPEngine engine;

    /** Creates a server of the given identity with {@link ServerSettings#defaults()}, which have no transport. */
    protected StatelessMCPServer(ServerInfo info) {
        this(info, ServerSettings.defaults());
    }

    /** Creates a server of the given identity. */
    protected StatelessMCPServer(ServerInfo info, ServerSettings settings) {
        this.info = Objects.requireNonNull(info, "info");
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /**
     * Returns the tools that this server offers, in the order in which agents see them. The server calls this method once,
     * at the first use, which may be before {@link #initialize()}, and keeps the list; {@link #toolsChanged()} calls it again.
     */
    public abstract List<MCPTool> tools();

    /** Returns the resources and templates that this server offers, in the order in which clients see them. Default: none. */
    public List<MCPResource> resources() {
        return List.of();
    }

    /** Returns the prompts that this server offers, in the order in which clients see them. Default: none. */
    public List<MCPPrompt> prompts() {
        return List.of();
    }

    /**
     * Returns the skills of this server, in the order in which clients see them: instructions for tasks that need several of
     * its tools. The server offers those whose {@linkplain MCPSkill#requiredTools() required tools} it offers. Called by
     * {@link #initialize()}. Default: none.
     */
    public List<MCPSkill> skills() {
        return List.of();
    }

    /**
     * Opens what the tools need, such as a client or a connection pool. It should not wait for the remote side: a broker that
     * is down now may be up at the first call. Called by {@link #initialize()}. Default: does nothing.
     *
     * @throws Exception if the server cannot work at all; {@link #disconnect()} is called then, too
     */
    protected void connect() throws Exception {}

    /** Closes what {@link #connect()} opened. Called by {@link #cleanup()}. Default: does nothing. */
    protected void disconnect() throws Exception {}

    /** Returns the name, version and instructions with which this server identifies itself. */
    public final ServerInfo info() {
        return info;
    }

    /** Returns the state of this server in its life cycle. */
    public final State state() {
        return state;
    }

    /** Returns the settings that this server was created with. */
    public final ServerSettings settings() {
        return settings;
    }

    /** Returns the transports, in the order in which they are started. */
    public final List<ServerTransport> transports() {
        return settings.transports();
    }

    /** Returns the tools that this server offers: those of {@link #tools()} with the timeouts of the settings. */
    public final List<MCPTool> offeredTools() {
        return tools.get();
    }

    /** Returns the skills that this server offers: those of {@link #skills()} whose required tools it offers. */
    public final List<MCPSkill> offeredSkills() {
        Set<String> names = tools.get().stream().map(MCPTool::name).collect(Collectors.toSet());
        return skills().stream()
                .filter(skill -> names.containsAll(skill.requiredTools()))
                .toList();
    }

    /** Reads {@link #tools()} again and tells the clients that listen for changes. */
    protected final void toolsChanged() {
        engine().replaceTools(tools.renew());
    }

    /** Reads {@link #resources()} again and tells the clients that listen for changes. */
    protected final void resourcesChanged() {
        engine().replaceResources(resources.renew());
    }

    /** Reads {@link #prompts()} again and tells the clients that listen for changes. */
    protected final void promptsChanged() {
        engine().replacePrompts(prompts.renew());
    }

    /**
     * Connects and prepares the engine. When this method returns, {@link #engine()} answers; no transport listens yet.
     *
     * @throws ServerStartException if {@link #connect()} fails, two tools have the same name, or the settings name a tool that
     *     this server does not have; its cause is the reason. The server is {@link State#NEW} again then.
     */
    public final synchronized void initialize() {
        if (state != State.NEW) {
            return;
        }
        try {
            connect();
            requireKnown(settings.toolTimeouts().keySet());
            MCPEngine.Builder builder = MCPEngine.builder(info)
                    .tools(tools.get())
                    .resources(resources.get())
                    .prompts(prompts.get())
                    .skills(offeredSkills())
                    .interceptors(settings.interceptors())
                    .callTimeout(settings.callTimeout())
                    .inputTimeout(settings.inputTimeout())
                    .maxConcurrentCalls(settings.maxConcurrentCalls())
                    .maxSubscriptions(settings.maxSubscriptions())
                    .pageSize(settings.pageSize());
            settings.stateKey().ifPresent(builder::stateKey);
            builder.acceptedStateKeys(settings.acceptedStateKeys());
            settings.taskStore().ifPresent(builder::taskStore);
            engine = builder.build();
            state = State.INITIALIZED;
        } catch (Exception e) {
            disconnectAfter(e);
            throw ServerStartException.of(e);
        } catch (Error e) {
            disconnectAfter(e);
            throw e;
        }
    }

    /**
     * Starts the transports; initializes first if that has not been done. When this method returns, every transport
     * accepts requests.
     *
     * @throws ServerStartException if the server cannot be initialized or a transport cannot start, for example because its
     *     port is in use; its cause is the reason. Transports that have started are stopped again, and the server
     *     returns to the state that it had before.
     */
    public final synchronized void start() {
        if (state == State.STARTED) {
            return;
        }
        State before = state;
        initialize();
        List<ServerTransport> started = new ArrayList<>();
        try {
            for (ServerTransport transport : transports()) {
                transport.start(engine());
                started.add(transport);
            }
            state = State.STARTED;
        } catch (Exception e) {
            undoStart(started, before);
            throw ServerStartException.of(e);
        } catch (Error e) {
            undoStart(started, before);
            throw e;
        }
    }

    /**
     * Stops the transports. New requests are refused at once; calls in flight are cancelled if they do not end within the
     * drain timeout. When this method returns, no transport accepts requests, and every call has been answered or cancelled. A
     * handler that reacts neither to its interrupt nor to {@code RequestContext.onCancel} may still be running; a warning in
     * the log names its tool. Takes hardly more than one second longer than the drain timeout, whatever the handlers do.
     */
    public final synchronized void stop() {
        stop(new Countdown(settings.drainTimeout()));
    }

    private void stop(Countdown left) {
        if (state != State.STARTED) {
            return;
        }
        stopTransports(transports(), left);
        // Calls that did not come from a transport, such as those of an in-process client.
        engine().drain(left.remaining());
        state = State.INITIALIZED;
    }

    /**
     * Stops the server if it has been started, waits for calls in flight as {@link #stop()} does, and disconnects. When this
     * method returns, nothing of this server is open or running, apart from handlers that do not react to their cancellation.
     */
    public final synchronized void cleanup() {
        Countdown left = new Countdown(settings.drainTimeout());
        stop(left);
        if (state == State.NEW) {
            return;
        }
        // An in-process client may have calls in flight although no transport was started.
        engine().close(left.remaining());
        engine = null;
        state = State.NEW;
        disconnectAfter(null);
    }

    /** Does the same as {@link #cleanup()}. */
    @Override
    public final void close() {
        cleanup();
    }

    /**
     * Returns the engine, which answers protocol messages, for tests and for transports of an application.
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
     * Returns the tool of a name.
     *
     * @throws NoSuchElementException if this server does not have such a tool
     */
    public final MCPTool tool(String name) {
        Objects.requireNonNull(name, "name");
        return tools.get().stream()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(info.name() + " has no tool '" + name + "'."));
    }

    private void stopTransports(List<ServerTransport> running, Countdown left) {
        for (ServerTransport transport : running) {
            try {
                transport.stop(left.remaining());
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

    private void undoStart(List<ServerTransport> started, State before) {
        stopTransports(started, new Countdown(settings.drainTimeout()));
        if (before == State.NEW) {
            cleanup();
        }
    }

    private List<MCPTool> timedTools() {
        return tools().stream()
                .map(tool -> {
                    Duration timeout = settings.toolTimeouts().get(tool.name());
                    return timeout == null ? tool : tool.withTimeout(timeout);
                })
                .toList();
    }

    private void requireKnown(Set<String> names) {
        List<String> known = tools.get().stream().map(MCPTool::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "toolTimeouts names '" + name + "', but " + info.name() + " has only " + known + ".");
            }
        }
    }
}
