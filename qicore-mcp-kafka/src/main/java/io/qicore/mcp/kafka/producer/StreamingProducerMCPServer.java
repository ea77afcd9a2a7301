package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.ModuleVersion;
import io.qicore.mcp.kafka.internal.OfferedTools;
import io.qicore.mcp.kafka.internal.admin.CallTime;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets agents start, stop and observe producers of market data: {@code start_producer}, {@code stop_producer} and
 * {@code get_producer_status}.
 *
 * <p>The server does not hold the producers. They run in a {@link ProducerRuntime}, which is either given by the
 * application and outlives this server, or a {@link LocalProducerRuntime} of the server's own. The latter ends with the
 * server, and replicas of the server do not see its producers. Give replicas one runtime that they share.
 *
 * <pre>{@code
 * var server = new StreamingProducerMCPServer(KafkaConnection.to("localhost:9092"));
 * }</pre>
 *
 * <p>In read-only mode only {@code get_producer_status} is offered. Agents can start, see and stop only producers that
 * write to topics that the {@linkplain KafkaOptions#policy() policy} allows. Thread-safe.
 */
public final class StreamingProducerMCPServer extends StatelessMCPServer {

    /** The name that this server reports to clients. */
    public static final String NAME = "producer-mcp-server";

    private static final ServerInfo INFO = new ServerInfo(
            NAME,
            ModuleVersion.current(),
            "Streaming producers",
            "Controls producers of market data. Start a producer, observe it with get_producer_status, and stop it when it"
                    + " is no longer needed: it ends by itself only if its config says so.");

    private static final String SOURCE_ID = "[A-Za-z0-9._-]{1,100}";

    private final KafkaPolicy policy;
    private final @Nullable LocalProducerRuntimeBuilder own;
    private volatile @Nullable ProducerRuntime runtime;
    private volatile @Nullable LocalProducerRuntime opened;

    /** Creates a server with {@link KafkaOptions#defaults()} and a {@link LocalProducerRuntime} of its own. */
    public StreamingProducerMCPServer(KafkaConnection connection) {
        this(LocalProducerRuntime.builder(connection), KafkaOptions.defaults());
    }

    /**
     * Creates a server with a {@link LocalProducerRuntime} of its own, which runs from {@link #initialize()} to
     * {@link #cleanup()}.
     *
     * @param runtime builds the runtime at each {@link #initialize()}
     * @param options what agents may do, and the settings of the server
     */
    public StreamingProducerMCPServer(LocalProducerRuntimeBuilder runtime, KafkaOptions options) {
        super(INFO, options.server());
        this.own = Objects.requireNonNull(runtime, "runtime");
        this.policy = options.policy();
    }

    /**
     * Creates a server for the runtime of the application.
     *
     * @param runtime the server never closes it
     * @param options what agents may do, and the settings of the server
     */
    public StreamingProducerMCPServer(ProducerRuntime runtime, KafkaOptions options) {
        super(INFO, options.server());
        this.own = null;
        this.policy = options.policy();
        this.runtime = Objects.requireNonNull(runtime, "runtime");
    }

    /** The arguments of {@code start_producer}. */
    record StartArguments(
            @Schema(value = "Name for the new producer, used to stop it later", pattern = "^" + SOURCE_ID + "$")
            String sourceId,

            @Schema("Settings of the producer, listed in the description of the tool; every setting has a default")
            @Nullable
            ObjectNode config) {}

    /** The result of {@code start_producer}. */
    record Started(
            @Schema("Always true; a failure is an error") boolean success,
            @Schema("Name of the producer") String sourceId,

            @Schema(
                    value = "Always running; get_producer_status returns the state from then on",
                    allowed = {"running"})
            String status,

            @Schema("Type of its source") String type,
            @Schema("Topic that it writes to") String topic) {}

    /** The arguments of {@code stop_producer}. */
    record StopArguments(
            @Schema(value = "Name of the producer", pattern = "^" + SOURCE_ID + "$")
            String sourceId) {}

    /** The result of {@code stop_producer}. */
    record Stopped(
            @Schema("Always true; a failure is an error") boolean success,
            @Schema("Name of the producer") String sourceId,

            @Schema(
                    value = "stopped; or completed or failed if it had already ended",
                    allowed = {"stopped", "completed", "failed"})
            String status,

            @Schema("Final metrics") ProducerMetrics metrics) {}

    /** The arguments of {@code get_producer_status}: none. */
    record NoArguments() {}

    /** The result of {@code get_producer_status}. */
    record Producers(
            @Schema("In the order in which they were started")
            List<Producer> producers) {}

    /** One producer, as agents see it. */
    record Producer(
            @Schema("Name of the producer") String sourceId,

            @Schema(
                    value = "State of the producer; stalled: Kafka does not acknowledge its records",
                    allowed = {"running", "paused", "retrying", "stalled", "stopped", "completed", "failed"})
            String status,

            @Schema("Type of its source") String type,
            @Schema("Topic that it writes to") String topic,
            @Schema("Metrics since its start") ProducerMetrics metrics) {

        static Producer of(ProducerStatus status) {
            return new Producer(
                    status.sourceId(), status.state().text(), status.type(), status.topic(), status.metrics());
        }
    }

    @Override
    protected void connect() {
        if (own != null) {
            LocalProducerRuntime fresh = own.build();
            opened = fresh;
            runtime = fresh;
        }
    }

    @Override
    protected void disconnect() {
        LocalProducerRuntime closing = opened;
        if (closing != null) {
            opened = null;
            runtime = null;
            closing.close();
        }
    }

    @Override
    public List<MCPTool> tools() {
        return OfferedTools.under(policy, List.of(startProducer(), stopProducer(), getProducerStatus()));
    }

    private MCPTool startProducer() {
        return MCPTool.builder("start_producer", StartArguments.class, Started.class)
                .title("Start a producer")
                .description(
                        "Starts a producer that writes market data candles (OHLCV, JSON, keyed by symbol) to a Kafka"
                                + " topic, and returns as soon as it runs. The topic must exist. Use it to fill a topic"
                                + " with simulated or recorded data; observe the producer with get_producer_status. "
                                + describeConfig())
                .annotations(ToolAnnotations.additive())
                .handler(this::start)
                .build();
    }

    private MCPTool stopProducer() {
        return MCPTool.builder("stop_producer", StopArguments.class, Stopped.class)
                .title("Stop a producer")
                .description(
                        "Stops a producer once Kafka has acknowledged the records that it has sent, and returns its"
                                + " final metrics. The records stay in the topic. A producer that has already ended is left as"
                                + " it is. Use get_producer_status to find the sourceId.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .handler(this::stop)
                .build();
    }

    private MCPTool getProducerStatus() {
        return MCPTool.builder("get_producer_status", NoArguments.class, Producers.class)
                .title("Get the status of producers")
                .description(
                        "Returns the state and the metrics of the running producers and of those that ended last. Use"
                                + " it to see whether a producer still runs, why it failed, or how much it has written.")
                .annotations(ToolAnnotations.readOnly())
                .handler((arguments, context) ->
                        new Producers(permissions(context).visible(runtime().status(CallTime.toWait(context))).stream()
                                .map(Producer::of)
                                .toList()))
                .build();
    }

    private Started start(StartArguments arguments, RequestContext context) throws InterruptedException {
        ObjectNode config = arguments.config() == null ? JsonNodeFactory.instance.objectNode() : arguments.config();
        ProducerPermissions permissions = permissions(context);
        permissions.requireStart(config);
        ProducerStatus status;
        try {
            status = runtime().start(arguments.sourceId(), config, CallTime.toWait(context));
        } catch (MCPToolError e) {
            throw permissions.everyTopic()
                    ? e
                    : permissions.withoutHidden(e, runtime().status(CallTime.toWait(context)));
        }
        // It has started, even if its source has ended since.
        return new Started(true, status.sourceId(), ProducerState.RUNNING.text(), status.type(), status.topic());
    }

    private Stopped stop(StopArguments arguments, RequestContext context) throws InterruptedException {
        ProducerPermissions permissions = permissions(context);
        if (!permissions.everyTopic()) {
            permissions.requireStop(arguments.sourceId(), runtime().status(CallTime.toWait(context)));
        }
        ProducerStatus status = runtime().stop(arguments.sourceId(), CallTime.toWait(context));
        return new Stopped(true, status.sourceId(), status.state().text(), status.metrics());
    }

    private ProducerPermissions permissions(RequestContext context) {
        return new ProducerPermissions(policy, context.caller(), own == null ? null : own.defaultTopic());
    }

    private ProducerRuntime runtime() {
        ProducerRuntime current = runtime;
        if (current == null) {
            throw new IllegalStateException("The producer server is not initialized: call initialize() first.");
        }
        return current;
    }

    private String describeConfig() {
        List<SourceType> types = own == null ? runtime().sourceTypes() : own.sourceTypes();
        return "config: type (" + types.stream().map(SourceType::type).collect(Collectors.joining(", "))
                + "; default " + ProducerSpec.DEFAULT_TYPE + "), topic (default: the server's, usually "
                + LocalProducerRuntimeBuilder.DEFAULT_TOPIC + "), rate (candles per second in total, default "
                + (int) ProducerSpec.DEFAULT_RATE + ", 0 = no limit). "
                + types.stream().map(StreamingProducerMCPServer::describe).collect(Collectors.joining(" "));
    }

    private static String describe(SourceType type) {
        return "For " + type.type() + ": "
                + type.settings().entrySet().stream()
                        .map(setting -> setting.getKey() + " (" + setting.getValue() + ")")
                        .collect(Collectors.joining("; "))
                + ".";
    }
}
