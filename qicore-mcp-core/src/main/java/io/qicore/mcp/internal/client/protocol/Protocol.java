package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.model.ServerDescription;
import io.qicore.mcp.internal.client.channel.Channel;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.json.Json;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one server, in whatever revision it speaks. The revision is agreed on by the first request and again when the
 * server has forgotten it. Thread-safe.
 */
public final class Protocol implements AutoCloseable {

    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int BAD_REQUEST = 400;

    /** Not assigned by JSON-RPC; the usual code of servers that keep sessions. */
    private static final int NOT_INITIALIZED = -32000;

    private final ScheduledExecutorService clock;
    private final ExecutorService callbacks = Threads.perTask("mcp-client-callback");
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicReference<@Nullable CompletableFuture<Peer>> agreement = new AtomicReference<>();
    private final Declaration declaration;
    private final ServerMessages server;
    private final Negotiation negotiation;
    private final Duration negotiationTimeout;
    private final Verdict verdict;
    private volatile Wire wire;
    private volatile boolean sessionExpired;

    /** The calls in flight, which may wait for something else than an answer: a pause, a person, another call's negotiation. */
    private final Set<Scope> open = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /**
     * Creates the protocol on a channel.
     *
     * @param clock runs deadlines; shut down by {@link #close}
     * @param probeTimeout how long a server that may not answer what it does not know has for the answer
     * @param negotiationTimeout how long it may take to agree on a revision
     * @param verdict remembers the revision that was agreed on, also for other clients
     */
    public Protocol(
            Channel channel,
            ScheduledExecutorService clock,
            ProtocolMode mode,
            Declaration declaration,
            ServerMessages server,
            Duration probeTimeout,
            Duration negotiationTimeout,
            Verdict verdict) {
        this.clock = clock;
        this.declaration = declaration;
        this.server = server;
        this.negotiation = new Negotiation(mode, declaration, probeTimeout, this::wire);
        this.negotiationTimeout = negotiationTimeout;
        this.verdict = verdict;
        this.wire = wire(channel);
    }

    /** Returns a clock that forgets what has been cancelled. Its thread ends when there is nothing to wait for. */
    public static ScheduledExecutorService clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "mcp-client-clock");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        clock.setKeepAliveTime(1, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        return clock;
    }

    private Wire wire(Channel channel) {
        return new Wire(channel, server, callbacks, lastId, declaration, isSession -> {
            sessionExpired = isSession;
            agreement.set(null);
        });
    }

    /** Begins a call with a deadline. */
    public Scope begin(Duration timeout) {
        return Scope.of(clock, this, timeout, open);
    }

    /** Returns what runs callbacks of the application, on threads that may block. */
    public ExecutorService callbacks() {
        return callbacks;
    }

    /** Returns the server as it described itself when the revision was agreed on, or now if it was not asked then. */
    public CompletableFuture<ServerDescription> server(Scope scope) {
        return peer(scope)
                .thenCompose(peer -> peer.era() instanceof ModernEra modern
                                && modern.server().supportedVersions().isEmpty()
                        ? request(scope, MethodNames.DISCOVER, Json.object(), RequestOptions.NONE)
                                .thenApply(result -> ModernEra.describe(modern.version(), result))
                        : CompletableFuture.completedFuture(peer.era().server()));
    }

    /** Returns whether the server speaks a revision with a handshake. */
    public CompletableFuture<Boolean> hasHandshake(Scope scope) {
        return peer(scope).thenApply(peer -> peer.era().hasHandshake());
    }

    /** Returns whether the revision has structured results of tools, or servers write them as text. */
    public CompletableFuture<Boolean> hasStructuredResults(Scope scope) {
        return peer(scope)
                .thenApply(peer -> !peer.era().hasHandshake()
                        || peer.era().server().protocolVersion().compareTo("2025-06-18") >= 0);
    }

    /** Returns whether arguments of tools are repeated in headers. */
    public CompletableFuture<Boolean> repeatsArguments(Scope scope) {
        return peer(scope)
                .thenApply(peer ->
                        !peer.era().hasHandshake() && peer.wire().channel().hasHeaders());
    }

    /** Sends a request and returns its result, whatever its {@code resultType}. */
    public CompletableFuture<JsonNode> request(Scope scope, String method, ObjectNode params, RequestOptions options) {
        return attempt(scope, method, params, options, true);
    }

    private CompletableFuture<JsonNode> attempt(
            Scope scope, String method, ObjectNode params, RequestOptions options, boolean isFirst) {
        return peer(scope).thenCompose(peer -> peer.wire()
                .request(scope, peer.era(), method, params, options)
                .handle((answer, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(answer.result());
                    }
                    Throwable why = Failures.unwrapped(failure);
                    boolean isForgotten = forget(peer, why);
                    return isForgotten && isFirst
                            ? attempt(scope, method, params, options, false)
                            : CompletableFuture.<JsonNode>failedFuture(
                                    MissingCapabilities.explained(this, declaration, why));
                })
                .thenCompose(Function.identity()));
    }

    /**
     * Forgets the agreement if a failure contradicts it.
     *
     * @return whether the server has refused the request without looking at it, so that it can be sent again
     */
    private boolean forget(Peer peer, Throwable failure) {
        if (!(failure instanceof MCPClientException known)) {
            return false;
        }
        int status = known.httpStatus().orElse(0);
        boolean isExpired = status == NOT_FOUND && peer.era() instanceof LegacyEra legacy && legacy.hasSession();
        boolean isOtherVersion = known instanceof MCPProtocolException error
                && (peer.era() instanceof ModernEra ? isOlder(error, status) : isModern(error));
        boolean isOtherServer = known instanceof MCPConnectionException
                && (status == BAD_REQUEST || status == NOT_FOUND || status == METHOD_NOT_ALLOWED);
        if (isExpired || isOtherVersion || isOtherServer) {
            CompletableFuture<Peer> current = agreement.get();
            if (current != null && current.isDone() && current.getNow(peer) == peer) {
                sessionExpired = isExpired;
                agreement.compareAndSet(current, null);
                verdict.forget();
            }
        }
        return isExpired || isOtherVersion;
    }

    /** Returns whether an error to a request of 2026-07-28 comes from a server of another revision. */
    private boolean isOlder(MCPProtocolException error, int status) {
        return negotiation.canShakeHands()
                && (error.code() == RpcError.UNSUPPORTED_PROTOCOL_VERSION
                        // What older servers say to a request without a handshake
                        || (status == BAD_REQUEST && error.code() == NOT_INITIALIZED));
    }

    /** Returns whether an error to a request of an older revision comes from a server of 2026-07-28 only. */
    private boolean isModern(MCPProtocolException error) {
        return negotiation.canBeModern()
                && (error.code() == RpcError.UNSUPPORTED_PROTOCOL_VERSION
                        || error.code() == RpcError.HEADER_MISMATCH
                        || error.code() == RpcError.MISSING_CLIENT_CAPABILITY);
    }

    /** Receives what servers of older revisions send without a request, from now on. */
    public CompletableFuture<Void> listen(Scope scope) {
        return peer(scope).thenAccept(peer -> {
            if (peer.era() instanceof LegacyEra legacy) {
                peer.wire().channel().listen(legacy.headers());
            }
        });
    }

    private CompletableFuture<Peer> peer(Scope scope) {
        CompletableFuture<Peer> current = agreement.get();
        if (current == null) {
            CompletableFuture<Peer> mine = new CompletableFuture<>();
            if (agreement.compareAndSet(null, mine)) {
                negotiate(mine);
                current = mine;
            } else {
                return peer(scope);
            }
        }
        return scope.bound(current);
    }

    /** Negotiates for all calls that wait, so that it has a deadline of its own. */
    private void negotiate(CompletableFuture<Peer> mine) {
        Scope scope = begin(negotiationTimeout);
        boolean again = sessionExpired;
        sessionExpired = false;
        negotiation.negotiate(wire, scope, again, verdict.get()).whenComplete((peer, failure) -> {
            scope.close();
            if (failure == null) {
                wire = peer.wire();
                if (closed) {
                    // It was not the one that was closed.
                    peer.wire().close();
                }
                if (negotiation.canShakeHands() && negotiation.canBeModern()) {
                    // A client that may not use all revisions does not find the newest one.
                    verdict.put(peer.era().server().protocolVersion());
                }
                mine.complete(peer);
                if (peer.era().hasHandshake()) {
                    server.agreed();
                }
            } else {
                agreement.compareAndSet(mine, null);
                verdict.forget();
                mine.completeExceptionally(Failures.unwrapped(failure));
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        // Later calls find that they cannot have a deadline.
        clock.shutdownNow();
        MCPClientException why = new MCPConnectionException("The client of " + this + " is closed.", null);
        wire.end(why);
        open.forEach(scope -> scope.end(why));
        wire.close();
        callbacks.shutdownNow();
    }

    /** Returns the name or address of the server. */
    @Override
    public String toString() {
        return wire.channel().toString();
    }
}
