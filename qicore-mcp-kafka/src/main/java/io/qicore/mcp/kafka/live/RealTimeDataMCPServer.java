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
            long skippedRecords) {}

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
        new Permissions(policy).requireTopic(name);
        long deadline = start + CallTime.toWait(context).minus(CLOSE_TIMEOUT).toNanos();
        if (!queries.tryAcquire(Math.max(deadline - start, 0), TimeUnit.NANOSECONDS)) {
            throw new MCPToolError(
                    KafkaErrorCode.TOO_MANY_LIVE_QUERIES,
                    MAX_QUERIES + " live queries are already running on this server. Call again when one has ended.",
                    Map.of("limit", MAX_QUERIES));
        }
        try {
            LivePrices live = listen(arguments, name, context, deadline);
            long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            return new Result(live.prices(), live.missing(), live.missing().isEmpty(), elapsed, live.skipped());
        } finally {
            queries.release();
        }
    }

    private LivePrices listen(Arguments arguments, String name, RequestContext context, long deadline)
            throws InterruptedException {
        Consumer<byte[], byte[]> consumer = null;
        try {
            consumer = consumers.open();
            context.onCancel(consumer::wakeup);
            LivePrices live = new LivePrices(consumer, arguments.symbols());
            live.seekToEnd(name, left(deadline));
            Duration timeout = Duration.ofMillis(arguments.timeout());
            Duration left = left(deadline);
            live.listen(timeout.compareTo(left) < 0 ? timeout : left);
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
            throw TopicErrors.topicNotFound(name, List.of(), e);
        } catch (KafkaException e) {
            throw TopicErrors.onTopic(name, connection, e);
        } finally {
            if (consumer != null) {
                close(consumer);
            }
        }
    }

    private static void close(Consumer<byte[], byte[]> consumer) {
        // With the interrupt flag set, close would not wait for the consumer to shut down.
        boolean interrupted = Thread.interrupted();
        try {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        } catch (KafkaException e) {
            log.warn("A consumer did not close cleanly", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(deadline - System.nanoTime(), 0));
    }
}
