package io.qicore.mcp.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.engine.access.CallInterceptor;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.Calls;
import io.qicore.mcp.internal.engine.call.ConnectionState;
import io.qicore.mcp.internal.engine.call.Interception;
import io.qicore.mcp.internal.engine.call.Method;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.call.Revision;
import io.qicore.mcp.internal.engine.call.ServerRequests;
import io.qicore.mcp.internal.engine.method.Batch;
import io.qicore.mcp.internal.engine.method.Methods;
import io.qicore.mcp.internal.engine.revision.ModernRevision;
import io.qicore.mcp.internal.engine.revision.Revisions;
import io.qicore.mcp.internal.engine.revision.StateSeal;
import io.qicore.mcp.internal.engine.rpc.Definitions;
import io.qicore.mcp.internal.engine.rpc.Incoming;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.Replies;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.skill.MCPSkill;
import io.qicore.mcp.task.TaskStore;
import io.qicore.mcp.tool.MCPTool;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The protocol as one function: it takes a message and its metadata, and gives any number of notifications and at most one
 * reply. It keeps no state between messages. An application with a transport of its own calls it for each message:
 *
 * <pre>{@code
 * engine.handle(bytesFromTheWire, CallMetadata.none(), reply -> {
 *     if (reply.message() != null) {   // the client does not expect an answer to a notification
 *         send(reply.toBytes());
 *     }
 * });
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class MCPEngine implements AutoCloseable {

    /**
     * The default of {@link Builder#maxConcurrentCalls}: 128 calls, or one for each 12 MiB of the largest heap of this JVM if
     * these are less, so that calls with large results do not exhaust the heap. A heap of 1.5 GiB is enough for 128.
     */
    public static final int DEFAULT_MAX_CONCURRENT_CALLS =
            (int) Math.max(8, Math.min(128, Runtime.getRuntime().maxMemory() / (12 << 20)));

    /** The default of {@link Builder#maxSubscriptions}: 1,000 subscriptions. */
    public static final int DEFAULT_MAX_SUBSCRIPTIONS = 1_000;

    /** The default of {@link Builder#pageSize}: 200 items. */
    public static final int DEFAULT_PAGE_SIZE = 200;

    /** The default of {@link Builder#inputTimeout}: 10 minutes. */
    public static final Duration DEFAULT_INPUT_TIMEOUT = Duration.ofMinutes(10);

    /** How long the engine waits for clients to read the answers that end their subscriptions. */
    private static final Duration SUBSCRIPTION_END_TIMEOUT = Duration.ofSeconds(1);

    /** How long cancelled handlers have to react before the log says that they do not. */
    private static final Duration CANCELLED_END_TIMEOUT = Duration.ofMillis(200);

    private static final Logger log = LoggerFactory.getLogger(MCPEngine.class);

    private final Revisions revisions;
    private final ServerRequests serverRequests = new ServerRequests();
    private final Interception interception;
    private final Methods methods;
    private final Calls calls;
    private final Calls subscriptions;

    private MCPEngine(Builder builder) {
        this.calls =
                new Calls("calls are in flight", builder.maxConcurrentCalls, builder.callTimeout, builder.inputTimeout);
        this.subscriptions = new Calls("subscriptions are open", builder.maxSubscriptions, null, builder.inputTimeout);
        StateSeal seal =
                new StateSeal(builder.info.name(), builder.stateKeys(), builder.inputTimeout, Clock.systemUTC());
        ObjectNode implementation =
                Definitions.implementation(builder.info.name(), builder.info.version(), builder.info.title());
        ModernRevision modern = new ModernRevision(implementation, Revisions.supportedVersions(), seal);
        this.revisions = new Revisions(modern, serverRequests);
        this.interception = new Interception(builder.interceptors);
        this.methods = new Methods(
                implementation,
                builder.info.instructions(),
                revisions,
                builder.tools,
                builder.resources,
                builder.prompts,
                builder.skills,
                interception,
                builder.pageSize,
                builder.taskStore,
                builder.maxConcurrentCalls);
    }

    /** Returns how many calls may be in flight at once. */
    public int maxConcurrentCalls() {
        return calls.limit();
    }

    /** Returns a builder of an engine for a server of the given identity. */
    public static Builder builder(ServerInfo info) {
        return new Builder(info);
    }

    /** Returns the state of a new connection that carries only messages that belong to calls. */
    public static ClientConnection newConnection() {
        return new ConnectionState();
    }

    /**
     * Returns the state of a new connection that can carry notifications at any time.
     *
     * @param unsolicited receives the notifications that do not belong to a call
     */
    public static ClientConnection newConnection(ReplySink unsolicited) {
        Objects.requireNonNull(unsolicited, "unsolicited");
        return new ConnectionState(unsolicited);
    }

    /**
     * Handles one message. The handler of a call runs on the calling thread, which must be allowed to block.
     *
     * <p>If a call exceeds its timeout, another thread sends the reply while the handler may still be running. When this method
     * returns, the thread is interrupted only if it was before: interrupts are for the handler.
     *
     * @param message one JSON-RPC message in UTF-8
     * @param metadata what the transport knows about the message
     * @param sink receives the notifications and the reply; errors in the message are answered, not thrown
     */
    public void handle(byte[] message, CallMetadata metadata, ReplySink sink) {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(sink, "sink");
        try {
            handle(Incoming.parse(message), metadata, sink);
        } catch (RpcException e) {
            sink.reply(Replies.error(null, e));
        }
    }

    /** Handles a message that has been parsed already. The engine may keep parts of it until the call ends. */
    public void handle(JsonNode message, CallMetadata metadata, ReplySink sink) {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(sink, "sink");
        try {
            if (message.isArray() && revisions.hasBatches(metadata)) {
                handleBatch(message, metadata, sink);
            } else if (Incoming.isResponse(message) && revisions.hasServerRequests(metadata)) {
                serverRequests.receive(message, metadata);
                sink.reply(Reply.ACCEPTED);
            } else {
                handle(Incoming.of(message), metadata, sink);
            }
        } catch (RpcException e) {
            sink.reply(Replies.error(Incoming.idOf(message), e));
        }
    }

    private void handleBatch(JsonNode batch, CallMetadata metadata, ReplySink sink) throws RpcException {
        if (batch.isEmpty() || batch.size() > Batch.MAX_MESSAGES) {
            throw RpcException.badRequest(
                    RpcError.INVALID_REQUEST, "A batch must have 1 to " + Batch.MAX_MESSAGES + " messages.");
        }
        Batch replies = new Batch(sink, batch.size());
        for (JsonNode message : batch) {
            String refusal = Batch.refusal(message);
            if (refusal == null) {
                handle(message, metadata, replies.member());
            } else {
                replies.member()
                        .reply(Replies.error(
                                Incoming.idOf(message),
                                Reply.Kind.BAD_REQUEST,
                                new RpcError(RpcError.INVALID_REQUEST, refusal)));
            }
        }
    }

    private void handle(Incoming incoming, CallMetadata metadata, ReplySink sink) {
        try {
            requireValid(metadata.caller());
            Revision revision = revisions.of(incoming, metadata);
            if (incoming.id() == null) {
                notified(incoming, metadata);
                sink.reply(Reply.ACCEPTED);
                return;
            }
            revision.check(incoming, metadata);
            Method method = methods.find(revision, incoming.method());
            Request request = new Request(
                    incoming.id(),
                    incoming.method(),
                    incoming.params(),
                    revision,
                    revision.client(incoming, metadata),
                    metadata);
            Calls admitting = methods.isListening(request.method()) ? subscriptions : calls;
            interception.intercept(
                    request, methods::target, sink, answering -> admitting.serve(method, request, answering));
        } catch (RpcException e) {
            sink.reply(Replies.error(incoming.id(), e));
        }
    }

    /** Refuses the messages of a caller whose credentials have expired since the transport authenticated it. */
    private static void requireValid(Caller caller) throws RpcException {
        if (caller.expiresAt() != null && caller.isExpired(Instant.now())) {
            throw RpcException.denied(
                    Denial.unauthenticated("The credentials have expired.", "Bearer error=\"invalid_token\""));
        }
    }

    private static void notified(Incoming notification, CallMetadata metadata) {
        ConnectionState connection = ConnectionState.of(metadata);
        if (connection != null && notification.method().equals(MethodNames.CANCELLED)) {
            JsonNode id = notification.params().get("requestId");
            if (id != null) {
                connection.cancel(id);
            }
        }
    }

    /** Replaces the tools and notifies the clients that have subscribed to changes. */
    public void replaceTools(List<MCPTool> tools) {
        methods.replaceTools(tools);
    }

    /** Replaces the resources and notifies the clients that have subscribed to changes. */
    public void replaceResources(List<MCPResource> resources) {
        methods.replaceResources(resources);
    }

    /** Replaces the prompts and notifies the clients that have subscribed to changes. */
    public void replacePrompts(List<MCPPrompt> prompts) {
        methods.replacePrompts(prompts);
    }

    /**
     * Ends the open subscriptions with an answer, as a server does before it stops. Waits at most one second for clients
     * that do not read the answer.
     */
    public void endSubscriptions() {
        subscriptions.drain(SUBSCRIPTION_END_TIMEOUT);
    }

    /**
     * Ends the open subscriptions, waits for the calls in flight and cancels those that do not end within the timeout. New
     * calls are still accepted: stop the transports first. A cancelled handler that reacts neither to its interrupt nor to
     * {@code RequestContext.onCancel} goes on; a warning in the log names its method.
     *
     * @param timeout how long calls may take to end by themselves
     */
    public void drain(Duration timeout) {
        Duration patience = Timeouts.bounded(timeout);
        long start = System.nanoTime();
        List<Call> silent = subscriptions.drain(SUBSCRIPTION_END_TIMEOUT);
        silent.forEach(Call::cancel);
        List<Call> late = calls.drain(patience.minusNanos(System.nanoTime() - start));
        late.forEach(Call::cancel);
        if (!late.isEmpty()) {
            reportStubborn(calls.drain(CANCELLED_END_TIMEOUT));
        }
    }

    private static void reportStubborn(List<Call> running) {
        if (!running.isEmpty()) {
            Map<String, Long> counts = running.stream()
                    .collect(Collectors.groupingBy(Call::description, TreeMap::new, Collectors.counting()));
            log.warn("{} calls still run, although they were cancelled: {}", running.size(), counts);
        }
    }

    /**
     * Closes the engine for good. New calls are answered with an error that the server is stopping; calls in flight are
     * drained as by {@link #drain}. Then running tasks are stopped and fail; this method waits for their end only a short
     * time. May be called again.
     *
     * @param timeout how long calls in flight may take to end by themselves
     */
    public void close(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        subscriptions.close();
        calls.close();
        drain(timeout);
        methods.stopTasks();
    }

    /** Closes the engine for good and cancels calls in flight at once, as {@link #close(Duration)} does with a timeout of zero. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /** Builds an {@link MCPEngine}. Not thread-safe. */
    public static final class Builder {

        private static final int STATE_KEY_BYTES = 32;

        private final ServerInfo info;
        private List<MCPTool> tools = List.of();
        private List<MCPResource> resources = List.of();
        private List<MCPPrompt> prompts = List.of();
        private List<MCPSkill> skills = List.of();
        private final List<CallInterceptor> interceptors = new ArrayList<>();
        private Duration callTimeout = Duration.ofSeconds(10);
        private Duration inputTimeout = DEFAULT_INPUT_TIMEOUT;
        private int maxConcurrentCalls = DEFAULT_MAX_CONCURRENT_CALLS;
        private int maxSubscriptions = DEFAULT_MAX_SUBSCRIPTIONS;
        private int pageSize = DEFAULT_PAGE_SIZE;
        private byte[] stateKey;
        private List<byte[]> acceptedStateKeys = List.of();
        private @Nullable TaskStore taskStore;

        private Builder(ServerInfo info) {
            this.info = Objects.requireNonNull(info, "info");
            this.stateKey = new byte[STATE_KEY_BYTES];
            new SecureRandom().nextBytes(stateKey);
        }

        /** Sets the tools, in the order in which clients see them. Default: none. */
        public Builder tools(List<MCPTool> tools) {
            Objects.requireNonNull(tools, "tools");
            this.tools = List.copyOf(tools);
            return this;
        }

        /** Sets the resources and templates, in the order in which clients see them. Default: none. */
        public Builder resources(List<MCPResource> resources) {
            Objects.requireNonNull(resources, "resources");
            this.resources = List.copyOf(resources);
            return this;
        }

        /** Sets the prompts, in the order in which clients see them. Default: none. */
        public Builder prompts(List<MCPPrompt> prompts) {
            Objects.requireNonNull(prompts, "prompts");
            this.prompts = List.copyOf(prompts);
            return this;
        }

        /** Sets the skills, in the order in which clients see them. Their files are resources, too. Default: none. */
        public Builder skills(List<MCPSkill> skills) {
            this.skills = List.copyOf(Objects.requireNonNull(skills, "skills"));
            return this;
        }

        /** Adds interceptors, which decide about each request in their order. Default: none, so that everybody may do everything. */
        public Builder interceptors(List<? extends CallInterceptor> added) {
            interceptors.addAll(List.copyOf(Objects.requireNonNull(added, "added")));
            return this;
        }

        /**
         * Sets how long a call may take, unless its tool has a timeout of its own. Default: 10 seconds.
         *
         * @throws IllegalArgumentException if it is not positive or longer than {@link MCPTool#MAX_TIMEOUT}
         */
        public Builder callTimeout(Duration timeout) {
            this.callTimeout = Timeouts.checked("callTimeout", timeout);
            return this;
        }

        /**
         * Sets how long a client may take to answer when a handler asks for input. Default: 10 minutes.
         *
         * @throws IllegalArgumentException if it is not positive or longer than {@link MCPTool#MAX_TIMEOUT}
         */
        public Builder inputTimeout(Duration timeout) {
            this.inputTimeout = Timeouts.checked("inputTimeout", timeout);
            return this;
        }

        /**
         * Sets how many calls may be in flight at once, and how many tasks may run in addition. Further calls are answered
         * "busy" at once. Default: {@link MCPEngine#DEFAULT_MAX_CONCURRENT_CALLS}.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxConcurrentCalls(int limit) {
            this.maxConcurrentCalls = positive("maxConcurrentCalls", limit);
            return this;
        }

        /**
         * Sets how many subscriptions may be open at once. Default: {@value MCPEngine#DEFAULT_MAX_SUBSCRIPTIONS}.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxSubscriptions(int limit) {
            this.maxSubscriptions = positive("maxSubscriptions", limit);
            return this;
        }

        /**
         * Sets how many items one page of a list holds. Default: {@value MCPEngine#DEFAULT_PAGE_SIZE}.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder pageSize(int items) {
            this.pageSize = positive("pageSize", items);
            return this;
        }

        /**
         * Sets the key that encrypts the state of a call while its client fetches input. Replicas must share the key: a
         * replica refuses state that was encrypted with another key. Default: a random key.
         *
         * @param key at least 32 random bytes; copied
         * @throws IllegalArgumentException if it is shorter
         */
        public Builder stateKey(byte[] key) {
            this.stateKey = checked(key);
            return this;
        }

        /**
         * Sets further keys, which open state but do not encrypt it, so that the state key can be changed while clients hold
         * state. Default: none.
         *
         * @param keys keys of at least 32 random bytes each; copied
         * @throws IllegalArgumentException if one is shorter
         */
        public Builder acceptedStateKeys(List<byte[]> keys) {
            this.acceptedStateKeys = keys.stream().map(Builder::checked).toList();
            return this;
        }

        private static byte[] checked(byte[] key) {
            if (key.length < STATE_KEY_BYTES) {
                throw new IllegalArgumentException(
                        "The state key has " + key.length + " bytes and needs " + STATE_KEY_BYTES + ".");
            }
            return key.clone();
        }

        private List<byte[]> stateKeys() {
            List<byte[]> keys = new ArrayList<>(acceptedStateKeys);
            keys.add(0, stateKey);
            return keys;
        }

        /** Sets the store of tasks. Default: none, so that tasks are not supported. */
        public Builder taskStore(TaskStore store) {
            this.taskStore = Objects.requireNonNull(store, "store");
            return this;
        }

        /**
         * Returns the engine.
         *
         * @throws IllegalArgumentException if two tools, resources, prompts or skills have the same name or
         *     URI, or if a skill lies in the folder of another one
         */
        public MCPEngine build() {
            return new MCPEngine(this);
        }

        private static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, not " + value + ".");
            }
            return value;
        }
    }
}
