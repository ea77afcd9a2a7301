package io.qicore.mcp.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.engine.call.Call;
import io.qicore.mcp.internal.engine.call.Calls;
import io.qicore.mcp.internal.engine.call.ConnectionState;
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
import io.qicore.mcp.internal.engine.rpc.Replies;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.task.TaskStore;
import io.qicore.mcp.tool.MCPTool;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The protocol as one function: a message and what its transport knows about it in, any number of notifications and at
 * most one reply out. It keeps nothing between messages. This is what an application calls that wires in a transport of
 * its own:
 *
 * <pre>{@code
 * engine.handle(bytesFromTheWire, CallMetadata.none(), reply -> {
 *     if (reply.message() != null) {   // a notification is taken without an answer
 *         send(reply.toBytes());
 *     }
 * });
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class MCPEngine implements AutoCloseable {

    /** How many calls may be in flight, unless {@link Builder#maxConcurrentCalls} says otherwise. */
    public static final int DEFAULT_MAX_CONCURRENT_CALLS = 128;

    /** How many subscriptions may be open, unless {@link Builder#maxSubscriptions} says otherwise. */
    public static final int DEFAULT_MAX_SUBSCRIPTIONS = 1_000;

    /** How many items one page of a list holds, unless {@link Builder#pageSize} says otherwise. */
    public static final int DEFAULT_PAGE_SIZE = 200;

    /** How long a client may take to answer a question, unless {@link Builder#inputTimeout} says otherwise: 10 minutes. */
    public static final Duration DEFAULT_INPUT_TIMEOUT = Duration.ofMinutes(10);

    /** How long a client may take to read the answer that ends its subscription. */
    private static final Duration SUBSCRIPTION_END_TIMEOUT = Duration.ofSeconds(1);

    private final Revisions revisions;
    private final ServerRequests serverRequests = new ServerRequests();
    private final Methods methods;
    private final Calls calls;
    private final Calls subscriptions;

    private MCPEngine(Builder builder) {
        this.calls = new Calls(builder.maxConcurrentCalls, builder.callTimeout, builder.inputTimeout);
        this.subscriptions = new Calls(builder.maxSubscriptions, null, builder.inputTimeout);
        StateSeal seal = new StateSeal(builder.stateKey, builder.inputTimeout, Clock.systemUTC());
        ObjectNode implementation =
                Definitions.implementation(builder.info.name(), builder.info.version(), builder.info.title());
        ModernRevision modern = new ModernRevision(implementation, Revisions.supportedVersions(), seal);
        this.revisions = new Revisions(modern, serverRequests);
        this.methods = new Methods(
                implementation,
                builder.info.instructions(),
                revisions,
                builder.tools,
                builder.resources,
                builder.prompts,
                builder.pageSize,
                builder.taskStore,
                builder.maxConcurrentCalls);
    }

    /** A builder of an engine for a server of the given identity. */
    public static Builder builder(ServerInfo info) {
        return new Builder(info);
    }

    /** What the engine keeps for a new connection that carries nothing but what belongs to a call. */
    public static ClientConnection newConnection() {
        return new ConnectionState();
    }

    /**
     * What the engine keeps for a new connection that can carry notifications at any time.
     *
     * @param unsolicited takes those that belong to no call
     */
    public static ClientConnection newConnection(ReplySink unsolicited) {
        return new ConnectionState(unsolicited);
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
        try {
            if (message.isArray() && revisions.hasBatches(metadata)) {
                handleBatch(message, metadata, sink);
            } else if (Incoming.isResponse(message) && revisions.hasServerRequests(metadata)) {
                serverRequests.receive(message);
                sink.reply(Reply.ACCEPTED);
            } else {
                handle(Incoming.of(message), metadata, sink);
            }
        } catch (RpcException e) {
            sink.reply(Replies.error(Incoming.idOf(message), e.kind(), e.error()));
        }
    }

    private void handleBatch(JsonNode batch, CallMetadata metadata, ReplySink sink) throws RpcException {
        if (batch.isEmpty() || batch.size() > Batch.MAX_MESSAGES) {
            throw RpcException.badRequest(
                    RpcError.INVALID_REQUEST, "A batch has 1 to " + Batch.MAX_MESSAGES + " messages.");
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
            (methods.isListening(request.method()) ? subscriptions : calls).serve(method, request, sink);
        } catch (RpcException e) {
            sink.reply(Replies.error(incoming.id(), e.kind(), e.error()));
        }
    }

    private static void notified(Incoming notification, CallMetadata metadata) {
        ConnectionState connection = ConnectionState.of(metadata);
        if (connection != null && notification.method().equals("notifications/cancelled")) {
            JsonNode id = notification.params().get("requestId");
            if (id != null) {
                connection.cancel(id);
            }
        }
    }

    /** Offers other tools from now on, and tells the clients that listen. */
    public void replaceTools(List<MCPTool> tools) {
        methods.replaceTools(tools);
    }

    /** Offers other resources from now on, and tells the clients that listen. */
    public void replaceResources(List<MCPResource> resources) {
        methods.replaceResources(resources);
    }

    /** Offers other prompts from now on, and tells the clients that listen. */
    public void replacePrompts(List<MCPPrompt> prompts) {
        methods.replacePrompts(prompts);
    }

    /**
     * Ends the subscriptions that are open now with an answer, as a server does before it stops. Waits for that, though not
     * long for a client that does not read.
     */
    public void endSubscriptions() {
        subscriptions.drain(SUBSCRIPTION_END_TIMEOUT);
    }

    /**
     * Ends the subscriptions and waits for the calls that are in flight now, whichever way they came, and cancels those
     * that outlast the time given. New ones are served as before: whoever drains stops their source first.
     */
    public void drain(Duration timeout) {
        List<Call> silent = subscriptions.drain(SUBSCRIPTION_END_TIMEOUT);
        List<Call> late = calls.drain(timeout);
        silent.forEach(Call::cancel);
        late.forEach(Call::cancel);
    }

    /**
     * Closes for good: new calls are answered that the server is stopping; those in flight are drained as
     * {@link #drain} does. Then stops the work of tasks, which fail, and waits for its end, though not for long. May be
     * called again.
     *
     * @param timeout how long calls in flight may take to end by themselves
     */
    public void close(Duration timeout) {
        subscriptions.close();
        calls.close();
        drain(timeout);
        methods.stopTasks();
    }

    /** Closes for good and at once: the same as {@link #close(Duration)} without any time. */
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
        private Duration callTimeout = Duration.ofSeconds(10);
        private Duration inputTimeout = DEFAULT_INPUT_TIMEOUT;
        private int maxConcurrentCalls = DEFAULT_MAX_CONCURRENT_CALLS;
        private int maxSubscriptions = DEFAULT_MAX_SUBSCRIPTIONS;
        private int pageSize = DEFAULT_PAGE_SIZE;
        private byte[] stateKey;
        private @Nullable TaskStore taskStore;

        private Builder(ServerInfo info) {
            this.info = Objects.requireNonNull(info);
            this.stateKey = new byte[STATE_KEY_BYTES];
            new SecureRandom().nextBytes(stateKey);
        }

        /** The tools, in the order in which clients see them. Default: none. */
        public Builder tools(List<MCPTool> tools) {
            this.tools = List.copyOf(tools);
            return this;
        }

        /** The resources and templates, in the order in which clients see them. Default: none. */
        public Builder resources(List<MCPResource> resources) {
            this.resources = List.copyOf(resources);
            return this;
        }

        /** The prompts, in the order in which clients see them. Default: none. */
        public Builder prompts(List<MCPPrompt> prompts) {
            this.prompts = List.copyOf(prompts);
            return this;
        }

        /**
         * How long a call may take, unless its tool has a timeout of its own. Default: 10 seconds.
         *
         * @throws IllegalArgumentException if it is not positive or longer than {@link MCPTool#MAX_TIMEOUT}
         */
        public Builder callTimeout(Duration timeout) {
            this.callTimeout = Timeouts.checked("callTimeout", timeout);
            return this;
        }

        /**
         * How long a client may take to answer a question of a handler. Default: 10 minutes.
         *
         * @throws IllegalArgumentException if it is not positive or longer than {@link MCPTool#MAX_TIMEOUT}
         */
        public Builder inputTimeout(Duration timeout) {
            this.inputTimeout = Timeouts.checked("inputTimeout", timeout);
            return this;
        }

        /**
         * How many calls may be in flight at once, and how many tasks at work beside them; further ones are answered
         * "busy" immediately. Default: {@value MCPEngine#DEFAULT_MAX_CONCURRENT_CALLS}.
         */
        public Builder maxConcurrentCalls(int limit) {
            this.maxConcurrentCalls = positive("maxConcurrentCalls", limit);
            return this;
        }

        /**
         * How many subscriptions may be open at once. Default: {@value MCPEngine#DEFAULT_MAX_SUBSCRIPTIONS}.
         */
        public Builder maxSubscriptions(int limit) {
            this.maxSubscriptions = positive("maxSubscriptions", limit);
            return this;
        }

        /** How many items a list shows at once. Default: 200. */
        public Builder pageSize(int items) {
            this.pageSize = positive("pageSize", items);
            return this;
        }

        /**
         * The key that seals what a handler remembers while its client fetches input. Replicas must share it, or one
         * refuses what another sealed. Default: a random one.
         *
         * @param key 32 random bytes or more; copied
         */
        public Builder stateKey(byte[] key) {
            if (key.length < STATE_KEY_BYTES) {
                throw new IllegalArgumentException(
                        "The state key has " + key.length + " bytes and needs " + STATE_KEY_BYTES + ".");
            }
            this.stateKey = key.clone();
            return this;
        }

        /** Where tool calls that go on as tasks are kept. Default: nowhere, so that there are no tasks. */
        public Builder taskStore(TaskStore store) {
            this.taskStore = Objects.requireNonNull(store);
            return this;
        }

        /**
         * The engine.
         *
         * @throws IllegalArgumentException if two tools, resources or prompts have the same name
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
