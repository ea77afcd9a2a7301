package io.qicore.mcp.client;

import io.qicore.mcp.client.endpoint.InProcessEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.RetryPolicy;
import io.qicore.mcp.client.endpoint.RevisionStore;
import io.qicore.mcp.client.endpoint.ServerEndpoint;
import io.qicore.mcp.client.handler.CallListener;
import io.qicore.mcp.client.handler.FormHandler;
import io.qicore.mcp.client.handler.PageHandler;
import io.qicore.mcp.client.handler.Root;
import io.qicore.mcp.client.handler.SamplingHandler;
import io.qicore.mcp.client.model.LogMessage;
import io.qicore.mcp.internal.client.feature.ClientCore;
import io.qicore.mcp.internal.client.protocol.Declaration;
import io.qicore.mcp.internal.client.protocol.InputHandlers;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.tool.LogLevel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds an {@link MCPClient}. Not thread-safe. */
public final class MCPClientBuilder {

    /** The default of {@link #maxRounds}: 10. */
    public static final int DEFAULT_MAX_ROUNDS = 10;

    private static final int MAX_ROUNDS = 1_000;

    private final ServerEndpoint endpoint;
    private ProtocolMode mode;
    private Duration timeout = MCPClient.DEFAULT_TIMEOUT;
    private CallListener listener = (tool, took, failure) -> {};
    private String name = "qicore-mcp";
    private String version = ownVersion();
    private @Nullable FormHandler form;
    private @Nullable PageHandler page;
    private @Nullable SamplingHandler sampling;
    private @Nullable Supplier<List<Root>> roots;
    private @Nullable LogLevel logLevel;
    private @Nullable Consumer<LogMessage> logListener;
    private @Nullable RevisionStore revisions;
    private int maxRounds = DEFAULT_MAX_ROUNDS;
    private RetryPolicy retries = RetryPolicy.none();
    private boolean caching = true;
    private boolean tasks;
    private Supplier<Map<String, String>> trace = Map::of;

    MCPClientBuilder(ServerEndpoint endpoint) {
        this.endpoint = endpoint;
        // A server in this JVM speaks the newest revision, so that it needs not be asked.
        this.mode = endpoint instanceof InProcessEndpoint ? ProtocolMode.modern() : ProtocolMode.auto();
    }

    private static String ownVersion() {
        @Nullable String version = MCPClient.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Sets which revisions of MCP the client may use. Default: all that it speaks; the newest for a server in this JVM. */
    public MCPClientBuilder protocol(ProtocolMode allowed) {
        this.mode = Objects.requireNonNull(allowed, "allowed");
        return this;
    }

    /**
     * Sets what remembers the revisions of servers at HTTP addresses, also for other clients. Default: each client asks at its first
     * call, and remembers it for itself.
     */
    public MCPClientBuilder revisions(RevisionStore store) {
        this.revisions = Objects.requireNonNull(store, "store");
        return this;
    }

    /**
     * Sets how long a call takes at most, with all its retries and questions to the user. Default: 30 seconds.
     *
     * @throws IllegalArgumentException if it is not positive or longer than 24 hours
     */
    public MCPClientBuilder timeout(Duration limit) {
        this.timeout = Timeouts.checked("limit", limit);
        return this;
    }

    /** Sets what is told of each tool call. Default: nothing. */
    public MCPClientBuilder listener(CallListener calls) {
        this.listener = Objects.requireNonNull(calls, "calls");
        return this;
    }

    /** Sets the name and the version by which the client introduces itself. Default: those of this library. */
    public MCPClientBuilder clientInfo(String ownName, String ownVersion) {
        this.name = Objects.requireNonNull(ownName, "ownName");
        this.version = Objects.requireNonNull(ownVersion, "ownVersion");
        return this;
    }

    /** Sets what asks the user to fill in a form. Default: servers are told that this client cannot ask. */
    public MCPClientBuilder onForm(FormHandler handler) {
        this.form = Objects.requireNonNull(handler, "handler");
        return this;
    }

    /** Sets what asks the user to open a web page. Default: servers are told that this client cannot ask. */
    public MCPClientBuilder onPage(PageHandler handler) {
        this.page = Objects.requireNonNull(handler, "handler");
        return this;
    }

    /** Sets what runs prompts of the server on a model. Default: servers are told that this client has none. */
    public MCPClientBuilder onSampling(SamplingHandler handler) {
        this.sampling = Objects.requireNonNull(handler, "handler");
        return this;
    }

    /** Sets what returns the folders that servers may know of. Default: servers are told that this client has none. */
    public MCPClientBuilder onRoots(Supplier<List<Root>> folders) {
        this.roots = Objects.requireNonNull(folders, "folders");
        return this;
    }

    /**
     * Sets how often a server may ask for input in one call. Default: {@link #DEFAULT_MAX_ROUNDS}.
     *
     * @throws IllegalArgumentException if it is not from 1 to 1,000
     */
    public MCPClientBuilder maxRounds(int rounds) {
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw new IllegalArgumentException("rounds must be from 1 to " + MAX_ROUNDS + ", not " + rounds + ".");
        }
        this.maxRounds = rounds;
        return this;
    }

    /**
     * Asks servers for log messages. What servers send below the level is dropped. Default: servers send none, and what they send
     * nevertheless is dropped.
     *
     * @param level the lowest severity that is wanted
     * @param messages receives the messages, one after the other, on a thread that may block
     */
    public MCPClientBuilder onLog(LogLevel level, Consumer<LogMessage> messages) {
        this.logLevel = Objects.requireNonNull(level, "level");
        this.logListener = Objects.requireNonNull(messages, "messages");
        return this;
    }

    /** Sets how often a request that has failed is made again. Default: never. */
    public MCPClientBuilder retries(RetryPolicy policy) {
        this.retries = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Sets whether lists and resources are kept as long as the server says that they stay the same. What a subscription reports as
     * changed is requested anew. Default: true.
     */
    public MCPClientBuilder caching(boolean keeps) {
        this.caching = keeps;
        return this;
    }

    /**
     * Sets whether tool calls may go on as tasks on the server. The client follows a task to its result, within the timeout of the
     * call, and cancels it when the call ends early. Default: false, so that servers answer at the end of the call.
     */
    public MCPClientBuilder tasks(boolean follows) {
        this.tasks = follows;
        return this;
    }

    /**
     * Sets where the trace context of a call comes from: {@code traceparent}, {@code tracestate} and {@code baggage} by these names.
     * It is sent in {@code _meta}. Called on the thread that makes the call, or, for later requests of the same call, on any thread.
     * Default: none.
     */
    public MCPClientBuilder traceContext(Supplier<Map<String, String>> context) {
        this.trace = Objects.requireNonNull(context, "context");
        return this;
    }

    /** Returns the client, which connects at its first call. */
    public MCPClient build() {
        InputHandlers handlers = new InputHandlers(form, page, sampling, roots);
        Declaration declaration =
                new Declaration(Declaration.info(name, version), handlers.capabilities(), tasks, logLevel, trace);
        ClientCore core = new ClientCore(
                endpoint,
                new ClientCore.Settings(
                        mode,
                        declaration,
                        handlers,
                        maxRounds,
                        retries,
                        caching,
                        logListener,
                        MCPClient.DEFAULT_TIMEOUT.compareTo(timeout) > 0 ? MCPClient.DEFAULT_TIMEOUT : timeout,
                        revisions));
        return new MCPClient(core, timeout, listener);
    }
}
