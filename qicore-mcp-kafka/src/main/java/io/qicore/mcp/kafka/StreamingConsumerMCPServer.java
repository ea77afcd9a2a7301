package io.qicore.mcp.kafka;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.internal.ConsumerTools;
import io.qicore.mcp.kafka.internal.ModuleVersion;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/**
 * Lets agents observe the consumer groups of one Kafka cluster and change their offsets. It has the tools for groups of
 * {@link KafkaMCPServer}, but not its tools for topics.
 *
 * <p>The tools are {@code get_consumer_lag}, {@code explain_lag}, {@code find_lagging_groups},
 * {@code list_consumer_groups}, {@code describe_consumer_group}, {@code list_abandoned_offsets},
 * {@code reset_consumer_offset}, {@code delete_consumer_offsets} and {@code delete_consumer_group}. The policy of the
 * server can leave some of them out.
 *
 * <p>Holds an {@link Admin} and no other state. Thread-safe.
 */
public final class StreamingConsumerMCPServer extends AdminMCPServer {

    /** The name that this server reports to clients. */
    public static final String NAME = "consumer-mcp-server";

    private static final ServerInfo INFO = new ServerInfo(
            NAME,
            ModuleVersion.current(),
            "Kafka consumers",
            "Observes the consumer groups of one Apache Kafka cluster and changes their offsets. Lag and offsets count"
                    + " records. To reset a consumer group, stop its consumers first.");

    /**
     * Creates a server with {@link KafkaOptions#defaults()} that uses the Admin of the application.
     *
     * @param admin the server never closes it; the application closes it after this server's {@link #cleanup()}
     */
    public StreamingConsumerMCPServer(Admin admin) {
        this(admin, KafkaOptions.defaults());
    }

    /**
     * Creates a server that uses the Admin of the application.
     *
     * @param admin the server never closes it; the application closes it after this server's {@link #cleanup()}
     * @param options what agents may do, and the settings of the server
     */
    public StreamingConsumerMCPServer(Admin admin, KafkaOptions options) {
        super(INFO, new AdminHandle(admin, options.policy()), options);
    }

    /** Creates a server with {@link KafkaOptions#defaults()} and an Admin of its own. */
    public StreamingConsumerMCPServer(KafkaConnection connection) {
        this(connection, KafkaOptions.defaults());
    }

    /**
     * Creates a server with an Admin of its own, as {@link KafkaMCPServer#KafkaMCPServer(KafkaConnection, KafkaOptions)}
     * does.
     *
     * @param options what agents may do, and the settings of the server
     */
    public StreamingConsumerMCPServer(KafkaConnection connection, KafkaOptions options) {
        super(INFO, new AdminHandle(connection, options.policy()), options);
    }

    @Override
    List<MCPTool> allTools() {
        return ConsumerTools.all(admin(), lagSamples());
    }
}
