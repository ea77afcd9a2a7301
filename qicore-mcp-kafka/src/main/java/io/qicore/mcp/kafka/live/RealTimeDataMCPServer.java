package io.qicore.mcp.kafka.live;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.internal.ModuleVersion;
import io.qicore.mcp.kafka.internal.OfferedTools;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets agents read the prices that arrive on a topic right now: {@code get_live_prices}.
 *
 * <p>All calls share one consumer without a consumer group, which reads from the end of their topics and only while a call
 * listens. So any number of calls opens at most one connection to each broker and leaves nothing behind in the cluster. The
 * consumer ends when no call has listened for half a minute.
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

    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration DESCRIBE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaConnection connection;
    private final String topic;
    private final PriceFields fields;
    private final KafkaOptions options;
    private final AdminHandle admin;
    private volatile @Nullable LiveReader reader;

    /** Creates a server with {@link KafkaOptions#defaults()} that reads {@value #DEFAULT_TOPIC}. */
    public RealTimeDataMCPServer(KafkaConnection connection) {
        this(connection, DEFAULT_TOPIC, KafkaOptions.defaults());
    }

    /**
     * Creates a server for records with {@link PriceFields#DEFAULT}.
     *
     * @param topic the topic that is read if a call does not name one
     * @param options the policy with the topics that agents may read, and the settings of the server
     * @throws IllegalArgumentException if the topic is blank
     */
    public RealTimeDataMCPServer(KafkaConnection connection, String topic, KafkaOptions options) {
        this(connection, topic, PriceFields.DEFAULT, options);
    }

    /**
     * Creates a server.
     *
     * @param topic the topic that is read if a call does not name one
     * @param fields where records have symbols and prices
     * @param options the policy with the topics that agents may read, and the settings of the server
     * @throws IllegalArgumentException if the topic is blank
     */
    public RealTimeDataMCPServer(KafkaConnection connection, String topic, PriceFields fields, KafkaOptions options) {
        super(new ServerInfo(NAME, ModuleVersion.current(), "Real-time market data", null), options.server());
        if (topic.isBlank()) {
            throw new IllegalArgumentException("The topic of live prices must not be blank.");
        }
        this.connection = Objects.requireNonNull(connection, "connection");
        this.topic = topic;
        this.fields = Objects.requireNonNull(fields, "fields");
        this.options = options;
        this.admin = new AdminHandle(connection, options.policy());
    }

    @Override
    public List<MCPTool> tools() {
        return OfferedTools.under(
                options.policy(),
                List.of(new GetLivePricesTool(admin, connection, this::reader, fields, topic).tool()));
    }

    @Override
    protected void connect() {
        admin.open();
        reader = new LiveReader(LiveConsumers.of(connection), this::describe, fields, IDLE);
    }

    /** Ends the calls that listen, and closes the clients. */
    @Override
    protected void disconnect() throws InterruptedException {
        LiveReader closing = reader;
        reader = null;
        try {
            if (closing != null) {
                closing.close();
            }
        } finally {
            admin.close();
        }
    }

    private LiveReader reader() {
        LiveReader current = reader;
        if (current == null) {
            throw new IllegalStateException(NAME + " is not initialized: call initialize() first.");
        }
        return current;
    }

    private Map<String, KafkaFuture<TopicDescription>> describe(Collection<String> topics) {
        var kafka = admin.session(RequestContext.ofTimeout(DESCRIBE_TIMEOUT));
        return kafka.admin()
                .describeTopics(topics, kafka.bounded(new DescribeTopicsOptions()))
                .topicNameValues();
    }
}
