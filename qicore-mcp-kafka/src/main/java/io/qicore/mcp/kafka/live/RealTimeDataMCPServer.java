package io.qicore.mcp.kafka.live;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.ModuleVersion;
import io.qicore.mcp.kafka.internal.OfferedTools;
import io.qicore.mcp.kafka.internal.admin.CallTime;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.admin.TopicErrors;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets agents read the candles that arrive on a topic right now: {@code get_live_prices}.
 *
 * <p>Each call reads from the end of the topic with a consumer of its own and without a consumer group, so it leaves
 * nothing behind in the cluster. At most {@value #MAX_QUERIES} calls read at the same time; others wait for their turn.
 *
 * <pre>{@code
 * var server = new RealTimeDataMCPServer(KafkaConnection.to("localhost:9092"));
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class RealTimeDataMCPServer extends StatelessMCPServer {

    /** The topic that is read if neither the server nor the call names another one. */
    public static final String DEFAULT_TOPIC = "crypto-ohlcv";

    /** The name that this server reports to clients. */
    public static final String NAME = "realtime-mcp-server";

    static final int MAX_QUERIES = 8;

    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(250);
    // However short a call wants to listen, a new client needs time to connect, and to ask other brokers if the first
    // ones hang.
    private static final Duration MIN_METADATA_TIME = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(RealTimeDataMCPServer.class);

    private final KafkaConnection connection;
    private final String topic;
    private final KafkaPolicy policy;
    private final LiveConsumers consumers;
    private final Semaphore queries = new Semaphore(MAX_QUERIES);

    /** Creates a server with {@link KafkaOptions#defaults()} that reads {@value #DEFAULT_TOPIC}. */
    public RealTimeDataMCPServer(KafkaConnection connection) {
        this(connection, DEFAULT_TOPIC, KafkaOptions.defaults());
    }

    /**
     * Creates a server.
     *
     * @param topic the topic that is read if a call does not name one
     * @param options the policy with the topics that agents may read, and the settings of the server
     * @throws IllegalArgumentException if the topic is blank
     */
    public RealTimeDataMCPServer(KafkaConnection connection, String topic, KafkaOptions options) {
        this(connection, topic, options, LiveConsumers.of(connection));
    }

    RealTimeDataMCPServer(KafkaConnection connection, String topic, KafkaOptions options, LiveConsumers consumers) {
        super(new ServerInfo(NAME, ModuleVersion.current(), "Real-time market data", null), options.server());
        if (topic.isBlank()) {
            throw new IllegalArgumentException("The topic of live prices must not be blank.");
        }
        this.connection = Objects.requireNonNull(connection, "connection");
        this.topic = topic;
        this.policy = options.policy();
        this.consumers = consumers;
    }

    /** The arguments of {@code get_live_prices}. */
    record Arguments(
            @Schema(value = "Symbols to wait for, exactly as producers write them", minLength = 1, maxLength = 100)
            List<String> symbols,

            @Schema(
                    value = "Longest time to listen, in milliseconds; the deadline of the call can end it earlier",
                    minimum = 1,
                    maximum = 600_000,
                    defaultValue = "5000")
            long timeout,

            @Schema(
                    value = "Topic to read; default: the topic in the description of the tool",
                    minLength = 1,
                    maxLength = 249)
            @Nullable
            String topic) {}

    /** The result of {@code get_live_prices}. */
    record Result(
            @Schema("Newest candle of each symbol for which one arrived")
            List<Candle> prices,

            @Schema("Symbols for which no candle arrived in time")
            List<String> missing,

            @Schema("Whether a candle arrived for every symbol")
            boolean complete,

            @Schema("Duration of the call in milliseconds") long elapsedMs,

            @Schema("Number of records that arrived and are not candles")
            long skippedRecords,

            @Schema(
                    "Up to 10 symbols that arrived and were not asked for, if symbols are missing; left out if none did")
            @Nullable
            List<String> otherSymbols,

            @Schema("Partitions that could not be read; symbols that are written to them are missing") @Nullable
            List<String> warnings) {}

    @Override
    public List<MCPTool> tools() {
        return OfferedTools.under(policy, List.of(getLivePrices()));
    }

    private MCPTool getLivePrices() {
        return MCPTool.builder("get_live_prices", Arguments.class, Result.class)
                .title("Get live prices")
                .description("Listens to a Kafka topic of market data candles (default " + topic + ") and returns the"
                        + " newest candle of each symbol that arrives from now on. It returns as soon as a candle of"
                        + " every symbol has arrived, or after the timeout with those that have. Use it for prices as"
                        + " they are produced; it does not read older records.")
                .annotations(ToolAnnotations.readOnly())
                .handler(this::getLivePrices)
                .build();
    }

    private Result getLivePrices(Arguments arguments, RequestContext context) throws InterruptedException {
        long start = System.nanoTime();
        String name = arguments.topic() == null ? topic : arguments.topic();
        Permissions permissions = new Permissions(policy, context.caller());
        permissions.requireTopic(name);
        long deadline = start + CallTime.toWait(context).toNanos();
        // The rest of the time is for Kafka: a call that has waited long for its turn must not blame the brokers.
        if (!queries.tryAcquire((deadline - start) / 2, TimeUnit.NANOSECONDS)) {
            throw new MCPToolError(
                    KafkaErrorCode.TOO_MANY_LIVE_QUERIES,
                    MAX_QUERIES + " live queries are already running on this server. Call again when one has ended.",
                    Map.of("limit", MAX_QUERIES));
        }
        LivePrices live = listen(arguments, name, permissions, context, deadline);
        List<String> missing = live.missing();
        return new Result(
                live.prices(),
                missing,
                missing.isEmpty(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                live.skipped(),
                missing.isEmpty() || live.others().isEmpty() ? null : live.others(),
                warnings(name, live.unread()));
    }

    private static @Nullable List<String> warnings(String topic, List<Integer> unread) {
        return unread.isEmpty()
                ? null
                : List.of("Partitions of topic '" + topic
                        + "' that could not be read, because they have no leader or their"
                        + " leader does not answer: "
                        + unread.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ".");
    }

    private LivePrices listen(
            Arguments arguments, String name, Permissions permissions, RequestContext context, long deadline)
            throws InterruptedException {
        Consumer<byte[], byte[]> consumer = null;
        try {
            consumer = consumers.open();
            context.onCancel(consumer::wakeup);
            LivePrices live = new LivePrices(consumer, name, arguments.symbols());
            Duration timeout = Duration.ofMillis(arguments.timeout());
            live.seekToEnd(least(left(deadline), atLeast(timeout, MIN_METADATA_TIME)));
            live.listen(timeout, deadline);
            return live;
        } catch (WakeupException e) {
            throw new MCPToolError(
                    StandardErrorCode.DEADLINE_EXCEEDED,
                    "The call was cancelled while it listened to topic '" + name + "'.",
                    Map.of("topic", name),
                    e);
        } catch (InterruptException e) {
            // Kafka throws the exception and also sets the interrupt flag of the thread.
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException("Interrupted while listening to " + name);
            interrupted.initCause(e);
            throw interrupted;
        } catch (UnknownTopicOrPartitionException e) {
            throw TopicErrors.topicNotFound(name, topics(Objects.requireNonNull(consumer), permissions, deadline), e);
        } catch (KafkaException e) {
            throw TopicErrors.onTopic(name, connection, e);
        } finally {
            if (consumer == null) {
                queries.release();
            } else {
                closeInBackground(consumer);
            }
        }
    }

    /** Returns the names of the topics that the caller may read, to suggest one; none if they cannot be listed. */
    private List<String> topics(Consumer<byte[], byte[]> consumer, Permissions permissions, long deadline) {
        try {
            return consumer.listTopics(least(left(deadline), MIN_METADATA_TIME)).keySet().stream()
                    .filter(permissions::topic)
                    .toList();
        } catch (KafkaException e) {
            log.debug("Topics could not be listed to suggest one", e);
            return List.of();
        }
    }

    /** Closes the consumer after the call: that takes up to 250 ms, for which the answer must not wait. */
    private void closeInBackground(Consumer<byte[], byte[]> consumer) {
        Thread closing = new Thread(
                () -> {
                    try {
                        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
                    } catch (KafkaException e) {
                        log.warn("A consumer did not close cleanly", e);
                    } finally {
                        // Only now, so that there are never more consumers than queries allowed.
                        queries.release();
                    }
                },
                "qicore-mcp-live-close");
        closing.setDaemon(true);
        closing.start();
    }

    /** Waits until all consumers are closed. */
    @Override
    protected void disconnect() throws InterruptedException {
        if (queries.tryAcquire(MAX_QUERIES, CLOSE_TIMEOUT.multipliedBy(4).toNanos(), TimeUnit.NANOSECONDS)) {
            queries.release(MAX_QUERIES);
        } else {
            log.warn("Consumers of live queries are still open");
        }
    }

    private static Duration least(Duration first, Duration second) {
        return first.compareTo(second) < 0 ? first : second;
    }

    private static Duration atLeast(Duration given, Duration minimum) {
        return given.compareTo(minimum) < 0 ? minimum : given;
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(deadline - System.nanoTime(), 0));
    }
}
