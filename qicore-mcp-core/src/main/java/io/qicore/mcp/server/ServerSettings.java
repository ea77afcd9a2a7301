package io.qicore.mcp.server;

import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.access.CallInterceptor;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.task.TaskStore;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.transport.ServerTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link StatelessMCPServer}: its limits, its transports and the state key that its replicas share. They
 * are passed to the constructor of the server and do not change afterwards.
 *
 * <pre>{@code
 * ServerSettings settings = ServerSettings.builder()
 *         .transport(HttpTransport.onPort(8081))
 *         .callTimeout(Duration.ofSeconds(30))
 *         .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe. {@link #toString()} does not show the state key. A transport belongs to one server: do not
 * give settings with transports to two servers.
 */
public final class ServerSettings {

    /** The default of {@link #callTimeout()}: 10 seconds. */
    public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(10);

    /** The default of {@link #drainTimeout()}: 10 seconds. */
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(10);

    /** The longest time that any timeout may be set to: 24 hours. */
    public static final Duration MAX_TIMEOUT = MCPTool.MAX_TIMEOUT;

    /** The shortest state key: 32 bytes. */
    public static final int MIN_STATE_KEY_BYTES = 32;

    private static final ServerSettings DEFAULTS = builder().build();

    private final Duration callTimeout;
    private final Map<String, Duration> toolTimeouts;
    private final Duration inputTimeout;
    private final Duration drainTimeout;
    private final int maxConcurrentCalls;
    private final int maxSubscriptions;
    private final int pageSize;
    private final byte @Nullable [] stateKey;
    private final List<byte[]> acceptedStateKeys;
    private final @Nullable TaskStore taskStore;
    private final List<ServerTransport> transports;
    private final List<CallInterceptor> interceptors;

    private ServerSettings(Builder builder) {
        this.callTimeout = builder.callTimeout;
        this.toolTimeouts = Collections.unmodifiableMap(new LinkedHashMap<>(builder.toolTimeouts));
        this.inputTimeout = builder.inputTimeout;
        this.drainTimeout = builder.drainTimeout;
        this.maxConcurrentCalls = builder.maxConcurrentCalls;
        this.maxSubscriptions = builder.maxSubscriptions;
        this.pageSize = builder.pageSize;
        this.stateKey = builder.stateKey;
        this.acceptedStateKeys = builder.acceptedStateKeys;
        this.taskStore = builder.taskStore;
        this.transports = List.copyOf(builder.transports);
        this.interceptors = List.copyOf(builder.interceptors);
    }

    /** Returns the default settings: the default limits, no transport, no task store, a random state key for each server. */
    public static ServerSettings defaults() {
        return DEFAULTS;
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.callTimeout = callTimeout;
        builder.toolTimeouts.putAll(toolTimeouts);
        builder.inputTimeout = inputTimeout;
        builder.drainTimeout = drainTimeout;
        builder.maxConcurrentCalls = maxConcurrentCalls;
        builder.maxSubscriptions = maxSubscriptions;
        builder.pageSize = pageSize;
        builder.stateKey = stateKey;
        builder.acceptedStateKeys = acceptedStateKeys;
        builder.taskStore = taskStore;
        builder.transports.addAll(transports);
        builder.interceptors.addAll(interceptors);
        return builder;
    }

    /** Returns how long a call may take, unless its tool has a timeout of its own. */
    public Duration callTimeout() {
        return callTimeout;
    }

    /** Returns the timeouts of single tools, by name of the tool. They take precedence over the tools' own. */
    public Map<String, Duration> toolTimeouts() {
        return toolTimeouts;
    }

    /** Returns how long a client may take to answer when a handler asks for input. */
    public Duration inputTimeout() {
        return inputTimeout;
    }

    /** Returns how long a server that stops waits for calls in flight before it cancels them. */
    public Duration drainTimeout() {
        return drainTimeout;
    }

    /** Returns how many calls may be in flight at once. */
    public int maxConcurrentCalls() {
        return maxConcurrentCalls;
    }

    /** Returns how many subscriptions may be open at once. */
    public int maxSubscriptions() {
        return maxSubscriptions;
    }

    /** Returns how many items one page of a list holds. */
    public int pageSize() {
        return pageSize;
    }

    /** Returns a copy of the key that encrypts the state of handlers, if one is set. */
    public Optional<byte[]> stateKey() {
        return Optional.ofNullable(stateKey).map(byte[]::clone);
    }

    /** Returns copies of the keys that open state in addition to {@link #stateKey()}. */
    public List<byte[]> acceptedStateKeys() {
        return acceptedStateKeys.stream().map(byte[]::clone).toList();
    }

    /** Returns the store of the tasks, if the server supports tasks. */
    public Optional<TaskStore> taskStore() {
        return Optional.ofNullable(taskStore);
    }

    /** Returns the transports, in the order in which they are started. */
    public List<ServerTransport> transports() {
        return transports;
    }

    /** Returns what decides about each request, in the order in which it is asked. */
    public List<CallInterceptor> interceptors() {
        return interceptors;
    }

    /** Shows the limits and the transports, and only whether there is a state key. */
    @Override
    public String toString() {
        return "ServerSettings[callTimeout=" + callTimeout + ", toolTimeouts=" + toolTimeouts + ", inputTimeout="
                + inputTimeout + ", drainTimeout=" + drainTimeout + ", maxConcurrentCalls=" + maxConcurrentCalls
                + ", maxSubscriptions=" + maxSubscriptions + ", pageSize=" + pageSize + ", stateKey="
                + (stateKey == null ? "random" : "set") + ", acceptedStateKeys=" + acceptedStateKeys.size()
                + ", taskStore=" + taskStore + ", transports=" + transports + ", interceptors=" + interceptors.size()
                + "]";
    }

    /** Builds {@link ServerSettings}. Each setter validates at once. Not thread-safe. */
    public static final class Builder {

        private Duration callTimeout = DEFAULT_CALL_TIMEOUT;
        private final Map<String, Duration> toolTimeouts = new LinkedHashMap<>();
        private Duration inputTimeout = MCPEngine.DEFAULT_INPUT_TIMEOUT;
        private Duration drainTimeout = DEFAULT_DRAIN_TIMEOUT;
        private int maxConcurrentCalls = MCPEngine.DEFAULT_MAX_CONCURRENT_CALLS;
        private int maxSubscriptions = MCPEngine.DEFAULT_MAX_SUBSCRIPTIONS;
        private int pageSize = MCPEngine.DEFAULT_PAGE_SIZE;
        private byte @Nullable [] stateKey;
        private List<byte[]> acceptedStateKeys = List.of();
        private @Nullable TaskStore taskStore;
        private final List<ServerTransport> transports = new ArrayList<>();
        private final List<CallInterceptor> interceptors = new ArrayList<>();

        private Builder() {}

        /**
         * Sets how long a call may take. A tool can have a timeout of its own. Default: 10 seconds.
         *
         * @throws IllegalArgumentException if it is not positive or longer than {@link #MAX_TIMEOUT}
         */
        public Builder callTimeout(Duration timeout) {
            this.callTimeout = timeout("callTimeout", timeout);
            return this;
        }

        /**
         * Sets how long a call of one tool may take, instead of {@link #callTimeout} and of {@link MCPTool#timeout()}. The
         * server refuses to initialize if it has no tool of that name. Default: none.
         *
         * @throws IllegalArgumentException if it is not positive or longer than {@link #MAX_TIMEOUT}
         */
        public Builder toolTimeout(String tool, Duration timeout) {
            toolTimeouts.put(Objects.requireNonNull(tool, "tool"), timeout("toolTimeout of '" + tool + "'", timeout));
            return this;
        }

        /**
         * Sets {@link #toolTimeout} for several tools.
         *
         * @throws IllegalArgumentException if one is not positive or longer than {@link #MAX_TIMEOUT}
         */
        public Builder toolTimeouts(Map<String, Duration> timeouts) {
            timeouts.forEach(this::toolTimeout);
            return this;
        }

        /**
         * Sets how long a client may take to answer when a handler asks for input. Default: 10 minutes.
         *
         * @throws IllegalArgumentException if it is not positive or longer than {@link #MAX_TIMEOUT}
         */
        public Builder inputTimeout(Duration timeout) {
            this.inputTimeout = timeout("inputTimeout", timeout);
            return this;
        }

        /**
         * Sets how long a server that stops waits for calls in flight before it cancels them. Default: 10 seconds.
         *
         * @throws IllegalArgumentException if it is not positive or longer than {@link #MAX_TIMEOUT}
         */
        public Builder drainTimeout(Duration timeout) {
            this.drainTimeout = timeout("drainTimeout", timeout);
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
         * replica refuses state that was encrypted with another key. Default: a random key for each server.
         *
         * @param key at least {@value #MIN_STATE_KEY_BYTES} random bytes; copied
         * @throws IllegalArgumentException if it is shorter
         */
        public Builder stateKey(byte[] key) {
            this.stateKey = checked("stateKey", key);
            return this;
        }

        /**
         * Sets further keys, which open what was encrypted or signed with them but encrypt nothing. They let replicas change
         * the state key while clients hold state: first all replicas accept the new key, then it becomes the state key and the
         * old one is accepted, and when {@link #inputTimeout} has passed the old one is removed. Default: none.
         *
         * @param keys keys of at least {@value #MIN_STATE_KEY_BYTES} random bytes each; copied
         * @throws IllegalArgumentException if one is shorter
         */
        public Builder acceptedStateKeys(List<byte[]> keys) {
            this.acceptedStateKeys =
                    keys.stream().map(key -> checked("acceptedStateKeys", key)).toList();
            return this;
        }

        private static byte[] checked(String name, byte[] key) {
            if (key.length < MIN_STATE_KEY_BYTES) {
                throw new IllegalArgumentException(
                        name + " must have at least " + MIN_STATE_KEY_BYTES + " bytes, not " + key.length + ".");
            }
            return key.clone();
        }

        /** Sets the store of tasks. Default: none, so that the server does not support tasks. */
        public Builder taskStore(TaskStore store) {
            this.taskStore = Objects.requireNonNull(store, "taskStore");
            return this;
        }

        /**
         * Adds a transport. A server without a transport is reached through
         * {@link StatelessMCPServer#engine()}. May be called several times.
         */
        public Builder transport(ServerTransport transport) {
            transports.add(Objects.requireNonNull(transport, "transport"));
            return this;
        }

        /** Adds several transports. */
        public Builder transports(List<? extends ServerTransport> added) {
            added.forEach(this::transport);
            return this;
        }

        /**
         * Adds an interceptor, which decides about each request: for authorization, rate limits or audit. May be called several
         * times. Default: none, so that everybody who reaches the server may do everything.
         */
        public Builder interceptor(CallInterceptor interceptor) {
            interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
            return this;
        }

        /** Returns the settings. */
        public ServerSettings build() {
            return new ServerSettings(this);
        }

        private static Duration timeout(String name, Duration timeout) {
            return Timeouts.checked(name, timeout);
        }

        private static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, not " + value + ".");
            }
            return value;
        }
    }
}
