package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.ModuleVersion;
import io.qicore.mcp.kafka.internal.OfferedTools;
import io.qicore.mcp.kafka.producer.local.LocalProducerRuntime;
import io.qicore.mcp.kafka.producer.local.LocalProducerRuntimeBuilder;
import io.qicore.mcp.kafka.producer.runtime.ProducerRuntime;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets agents control producers, which write the records of a source to a topic: {@code start_producer},
 * {@code stop_producer}, {@code get_producer_status}, {@code pause_producer}, {@code resume_producer},
 * {@code set_producer_rate} and {@code list_source_types}.
 *
 * <p>The server does not hold the producers. They run in a {@link ProducerRuntime}, which is either given by the
 * application and outlives this server, or a {@link LocalProducerRuntime} of the server's own. The latter ends with the
 * server, and replicas of the server do not see its producers. Replicas share a
 * {@link io.qicore.mcp.kafka.producer.connect.ConnectProducerRuntime}, with which the server also has tools for connectors.
 *
 * <pre>{@code
 * var server = new StreamingProducerMCPServer(KafkaConnection.to("localhost:9092"));
 * }</pre>
 *
 * <p>In read-only mode only {@code get_producer_status} and {@code list_source_types} are offered. Agents can start, see and
 * command only producers that read and write topics that the {@linkplain KafkaOptions#policy() policy} allows. Thread-safe.
 */
public final class StreamingProducerMCPServer extends StatelessMCPServer {

    /** The name that this server reports to clients. */
    public static final String NAME = "producer-mcp-server";

    private static final ServerInfo INFO = new ServerInfo(
            NAME,
            ModuleVersion.current(),
            "Streaming producers",
            "Controls producers, which write the records of a source to a topic. Look up the sources with list_source_types,"
                    + " start a producer, observe it with get_producer_status, and stop it when it is no longer needed: it"
                    + " ends by itself only if its source does.");

    private final KafkaPolicy policy;
    private final @Nullable LocalProducerRuntimeBuilder own;
    private final @Nullable ProducerRuntime given;
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
        this.given = null;
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
        this.given = Objects.requireNonNull(runtime, "runtime");
    }

    @Override
    protected void connect() {
        if (own != null) {
            opened = own.build();
        }
    }

    @Override
    protected void disconnect() {
        LocalProducerRuntime closing = opened;
        if (closing != null) {
            opened = null;
            closing.close();
        }
    }

    @Override
    public List<MCPTool> tools() {
        ProducerControl control = new ProducerControl(policy, this::runtime);
        List<MCPTool> tools = new ArrayList<>(List.of(
                StartProducerTool.tool(control, sourceTypes()),
                StopProducerTool.tool(control),
                GetProducerStatusTool.tool(control),
                ChangeProducerTools.pause(control),
                ChangeProducerTools.resume(control),
                ChangeProducerTools.setRate(control),
                ListSourceTypesTool.tool(this::sourceTypes)));
        if (given != null) {
            tools.addAll(given.tools(policy));
        }
        return OfferedTools.under(policy, tools);
    }

    /** Returns the types without a runtime of the server's own: tools are listed before it is initialized. */
    private SourceTypes sourceTypes() {
        return own == null ? runtime().sourceTypes() : own.sourceTypes();
    }

    private ProducerRuntime runtime() {
        ProducerRuntime current = given == null ? opened : given;
        if (current == null) {
            throw new IllegalStateException("The producer server is not initialized: call initialize() first.");
        }
        return current;
    }
}
