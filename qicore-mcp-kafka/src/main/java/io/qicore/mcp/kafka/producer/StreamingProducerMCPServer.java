package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.ModuleVersion;
import io.qicore.mcp.kafka.internal.OfferedTools;
import io.qicore.mcp.kafka.internal.admin.CallTime;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets agents start, stop and watch producers: {@code start_producer}, {@code stop_producer} and
 * {@code get_producer_status}.
 *
 * <p>The server keeps no producer itself. They run in a {@link ProducerRuntime}: the application's, which outlives this
 * server, or a {@link LocalProducerRuntime} of its own. The latter ends with the server and is not seen by its replicas,
 * so give replicas one runtime that they share.
 *
 * <pre>{@code
 * var server = new StreamingProducerMCPServer(KafkaConnection.to("localhost:9092"));
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class StreamingProducerMCPServer extends StatelessMCPServer {

    /** The name that this server gives itself. */
    public static final String NAME = "producer-mcp-server";

    private static final String SOURCE_ID = "[A-Za-z0-9._-]{1,100}";

    private final KafkaPolicy policy;
    private final @Nullable LocalProducerRuntimeBuilder own;
    private volatile @Nullable ProducerRuntime runtime;
    private volatile @Nullable LocalProducerRuntime opened;

    /** A server for the application's runtime, which this server does not close. */
    public StreamingProducerMCPServer(ProducerRuntime runtime) {
        this(runtime, KafkaPolicy.standard());
    }

    /**
     * The same under a policy.
     *
     * @param policy what agents may do: in read-only mode, only to look; and only with producers of the topics that it
     *     allows
     */
    public StreamingProducerMCPServer(ProducerRuntime runtime, KafkaPolicy policy) {
        this(runtime, policy, ServerSettings.defaults());
    }

    /**
     * The same with settings of the server.
     *
     * @param settings limits and transports
     */
    public StreamingProducerMCPServer(ProducerRuntime runtime, KafkaPolicy policy, ServerSettings settings) {
        super(identity(), settings);
        this.own = null;
        this.policy = Objects.requireNonNull(policy, "policy");
        this.runtime = Objects.requireNonNull(runtime, "runtime");
    }

    /** A server with a {@link LocalProducerRuntime} of its own, which runs from {@code initialize} to {@code cleanup}. */
    public StreamingProducerMCPServer(KafkaConnection connection) {
        this(LocalProducerRuntime.builder(connection));
    }

    /** The same, for a runtime with other settings or further types of sources. */
    public StreamingProducerMCPServer(LocalProducerRuntimeBuilder runtime) {
        this(runtime, KafkaPolicy.standard());
    }

    /**
     * The same under a policy.
     *
     * @param policy what agents may do, as for {@link #StreamingProducerMCPServer(ProducerRuntime, KafkaPolicy)}
     */
    public StreamingProducerMCPServer(LocalProducerRuntimeBuilder runtime, KafkaPolicy policy) {
        this(runtime, policy, ServerSettings.defaults());
    }

    /**
     * The same with settings of the server.
     *
     * @param settings limits and transports
     */
    public StreamingProducerMCPServer(
            LocalProducerRuntimeBuilder runtime, KafkaPolicy policy, ServerSettings settings) {
        super(identity(), settings);
        this.own = Objects.requireNonNull(runtime, "runtime");
        this.policy = Objects.requireNonNull(policy, "policy");
    }

    /** Arguments of {@code start_producer}. */
    record StartArguments(
            @Schema(value = "Name of the producer from now on", pattern = "^" + SOURCE_ID + "$")
            String sourceId,

            @Schema("What it produces, as the tool's description says; left out, every default holds") @Nullable
            ObjectNode config) {}

    /** Result of {@code start_producer}. */
    record Started(
            boolean success,
            String sourceId,

            @Schema(allowed = {"running", "stopped", "completed", "failed"})
            String status,

            @Schema("Type of its source") String type,
            @Schema("Topic that it writes to") String topic) {}

    /** Arguments of {@code stop_producer}. */
    record StopArguments(
            @Schema(value = "Name of the producer", pattern = "^" + SOURCE_ID + "$")
            String sourceId) {}

    /** Result of {@code stop_producer}. */
    record Stopped(
            boolean success,
            String sourceId,

            @Schema(
                    value = "stopped, or completed or failed when it had ended before",
                    allowed = {"stopped", "completed", "failed"})
            String status,

            ProducerMetrics metrics) {}

    /** No arguments. */
    record NoArguments() {}

    /** Result of {@code get_producer_status}. */
    record Producers(List<Producer> producers) {}

    /** One producer, as agents see it. */
    record Producer(
            String sourceId,

            @Schema(allowed = {"running", "stopped", "completed", "failed"})
            String status,

            @Schema("Type of its source") String type,
            @Schema("Topic that it writes to") String topic,
            ProducerMetrics metrics) {

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
                                + " topic, and returns while it runs. The topic must exist. " + describeConfig())
                .annotations(ToolAnnotations.additive())
                .handler(this::start)
                .build();
    }

    private MCPTool stopProducer() {
        return MCPTool.builder("stop_producer", StopArguments.class, Stopped.class)
                .title("Stop a producer")
                .description("Stops a producer after what it has sent is acknowledged, and returns its final metrics."
                        + " Records stay in the topic. Stopping one that has ended already does no harm.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .handler(this::stop)
                .build();
    }

    private MCPTool getProducerStatus() {
        return MCPTool.builder("get_producer_status", NoArguments.class, Producers.class)
                .title("Status of producers")
                .description("Status and metrics of all producers: those that run and those that ended last.")
                .annotations(ToolAnnotations.readOnly())
                .handler((arguments, context) ->
                        new Producers(permissions().visible(runtime().status(CallTime.toWait(context))).stream()
                                .map(Producer::of)
                                .toList()))
                .build();
    }

    private Started start(StartArguments arguments, RequestContext context) throws InterruptedException {
        ObjectNode config = arguments.config() == null ? JsonNodeFactory.instance.objectNode() : arguments.config();
        permissions().requireStart(config);
        ProducerStatus status = runtime().start(arguments.sourceId(), config, CallTime.toWait(context));
        return new Started(true, status.sourceId(), status.state().text(), status.type(), status.topic());
    }

    private Stopped stop(StopArguments arguments, RequestContext context) throws InterruptedException {
        if (!permissions().everyTopic()) {
            permissions().requireStop(arguments.sourceId(), runtime().status(CallTime.toWait(context)));
        }
        ProducerStatus status = runtime().stop(arguments.sourceId(), CallTime.toWait(context));
        return new Stopped(true, status.sourceId(), status.state().text(), status.metrics());
    }

    private ProducerPermissions permissions() {
        return new ProducerPermissions(policy, own == null ? null : own.defaultTopic());
    }

    private ProducerRuntime runtime() {
        ProducerRuntime current = runtime;
        if (current == null) {
            throw new IllegalStateException("No producer runtime: initialize the server first.");
        }
        return current;
    }

    private String describeConfig() {
        List<SourceType> types = own == null ? runtime().sourceTypes() : own.sourceTypes();
        return "config: type (" + types.stream().map(SourceType::type).collect(Collectors.joining(", "))
                + "; default " + ProducerSpec.DEFAULT_TYPE + "), topic (default the server's, usually "
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

    private static ServerInfo identity() {
        return new ServerInfo(
                NAME,
                ModuleVersion.current(),
                "Streaming producers",
                "Controls producers of market data. Start one, watch it with get_producer_status, and stop it when it is"
                        + " no longer needed: it does not end by itself unless its config says so.");
    }
}
