package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.ServerInfo;
import io.qicore.mcp.tool.MCPTool;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The protocol as one function: a message and what its transport knows about it in, any number of notifications and at
 * most one reply out. It keeps nothing between messages. This is what an application calls that wires in a transport of
 * its own:
 *
 * <pre>{@code
 * engine.handle(bytesFromTheWire, CallMetadata.none(), reply -> send(reply.toBytes()));
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class MCPEngine implements AutoCloseable {

    /** How many calls may be in flight, unless {@link Builder#maxConcurrentCalls} says otherwise. */
    public static final int DEFAULT_MAX_CONCURRENT_CALLS = 128;

    private final Revisions revisions;
    private final Map<Revision, Map<String, Method>> methods = new HashMap<>();
    private final Duration callTimeout;
    private final int maxConcurrentCalls;
    private final Semaphore permits;
    private final Set<Call> inFlight = ConcurrentHashMap.newKeySet();

    private MCPEngine(Builder builder) {
        this.callTimeout = builder.callTimeout;
        this.maxConcurrentCalls = builder.maxConcurrentCalls;
        this.permits = new Semaphore(maxConcurrentCalls);
        this.revisions = new Revisions(builder.info);

        // Each feature brings its capability and its methods; resources, prompts, … take their place here.
        ObjectNode capabilities = Json.object();
        Map<String, Method> shared = new HashMap<>();
        ToolMethods tools = new ToolMethods(builder.tools);
        capabilities.putObject("tools");
        shared.put("tools/list", tools::list);
        shared.put("tools/call", tools::call);

        LifecycleMethods lifecycle = new LifecycleMethods(builder.info, revisions, capabilities);
        methods.put(revisions.modern(), with(shared, Map.of("server/discover", lifecycle::discover)));
        for (LegacyRevision legacy : revisions.legacy()) {
            methods.put(legacy, with(shared, Map.of("initialize", lifecycle::initialize, "ping", lifecycle::ping)));
        }
    }

    /** A builder of an engine for a server of the given identity. */
    public static Builder builder(ServerInfo info) {
        return new Builder(info);
    }

    /**
     * Serves one message, on the calling thread as far as the handler blocks: call it on a thread that may block.
     *
     * <p>The reply may come from another thread and before this method returns, namely when the deadline passes while
     * the handler still runs.
     *
     * @param message one JSON-RPC message in UTF-8
     * @param metadata what the transport knows about the message
     * @param sink takes what the engine answers; a fault in the message is answered, never thrown
     */
    public void handle(byte[] message, CallMetadata metadata, ReplySink sink) {
        try {
            handle(Incoming.parse(message), metadata, sink);
        } catch (RpcException e) {
            sink.reply(Replies.error(null, e.kind(), e.error()));
        }
    }

    /** The same for a message that has been parsed. The engine may keep parts of it until the call ends. */
    public void handle(JsonNode message, CallMetadata metadata, ReplySink sink) {
        Incoming incoming;
        try {
            incoming = Incoming.of(message);
        } catch (RpcException e) {
            sink.reply(Replies.error(Incoming.idOf(message), e.kind(), e.error()));
            return;
        }
        try {
            Revision revision = revisions.of(incoming, metadata);
            if (incoming.id() == null) {
                notified(incoming, metadata);
                sink.reply(Reply.ACCEPTED);
                return;
            }
            revision.check(incoming, metadata);
            Method method = methods.getOrDefault(revision, Map.of()).get(incoming.method());
            if (method == null) {
                throw RpcException.methodNotFound(revision.unknownMethod(), incoming.method());
            }
            serve(method, new Request(incoming.id(), incoming.method(), incoming.params(), revision, metadata), sink);
        } catch (RpcException e) {
            sink.reply(Replies.error(incoming.id(), e.kind(), e.error()));
        }
    }

    /** Cancels every call in flight; their clients get no answer. The engine can still be used. */
    @Override
    public void close() {
        inFlight.forEach(Call::cancel);
    }

    private void serve(Method method, Request request, ReplySink sink) throws RpcException {
        if (!permits.tryAcquire()) {
            throw RpcException.busy(maxConcurrentCalls);
        }
        CallControl control = request.metadata().control();
        ClientConnection connection = request.metadata().connection();
        if (connection != null && !connection.begin(request.id(), control)) {
            permits.release();
            throw RpcException.badRequest(
                    RpcError.INVALID_REQUEST, "A request with the id " + request.id() + " is in flight already.");
        }
        Call[] self = new Call[1];
        Call call = new Call(request, sink, callTimeout, () -> {
            inFlight.remove(self[0]);
            if (connection != null) {
                connection.end(request.id());
            }
            permits.release();
        });
        self[0] = call;
        inFlight.add(call);
        control.onCancel(call::cancel);
        if (request.revision().disconnectCancels()) {
            control.onDisconnect(call::cancel);
        }
        call.run(method);
    }

    private static void notified(Incoming notification, CallMetadata metadata) {
        ClientConnection connection = metadata.connection();
        if (connection != null && notification.method().equals("notifications/cancelled")) {
            JsonNode id = notification.params().get("requestId");
            if (id != null) {
                connection.cancel(id);
            }
        }
    }

    private static Map<String, Method> with(Map<String, Method> shared, Map<String, Method> own) {
        Map<String, Method> all = new HashMap<>(shared);
        all.putAll(own);
        return Map.copyOf(all);
    }

    /** Builds an {@link MCPEngine}. Not thread-safe. */
    public static final class Builder {

        private final ServerInfo info;
        private List<MCPTool> tools = List.of();
        private Duration callTimeout = Duration.ofSeconds(10);
        private int maxConcurrentCalls = DEFAULT_MAX_CONCURRENT_CALLS;

        private Builder(ServerInfo info) {
            this.info = Objects.requireNonNull(info);
        }

        /** The tools, in the order in which clients see them. Default: none. */
        public Builder tools(List<MCPTool> tools) {
            this.tools = List.copyOf(tools);
            return this;
        }

        /**
         * How long a call may take. Default: 10 seconds.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder callTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("callTimeout must be positive, not " + timeout + ".");
            }
            this.callTimeout = timeout;
            return this;
        }

        /**
         * How many calls may be in flight at once; further ones are answered "busy" immediately. Default:
         * {@value MCPEngine#DEFAULT_MAX_CONCURRENT_CALLS}.
         */
        public Builder maxConcurrentCalls(int limit) {
            if (limit < 1) {
                throw new IllegalArgumentException("maxConcurrentCalls must be at least 1, not " + limit + ".");
            }
            this.maxConcurrentCalls = limit;
            return this;
        }

        /**
         * The engine.
         *
         * @throws IllegalArgumentException if two tools have the same name
         */
        public MCPEngine build() {
            return new MCPEngine(this);
        }
    }
}
