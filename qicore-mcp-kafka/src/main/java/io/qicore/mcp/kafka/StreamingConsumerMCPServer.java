package io.qicore.mcp.kafka;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.ConsumerTools;
import io.qicore.mcp.kafka.internal.ModuleVersion;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/**
 * Lets agents watch and move the consumer groups of one Kafka cluster, and nothing else: the consumer tools of
 * {@link KafkaMCPServer} with less power.
 *
 * <p>Tools: {@code get_consumer_lag}, {@code explain_lag}, {@code find_lagging_groups}, {@code list_consumer_groups},
 * {@code describe_consumer_group}, {@code list_abandoned_offsets}, {@code reset_consumer_offset},
 * {@code delete_consumer_offsets}, {@code delete_consumer_group}; as many of them as its {@link KafkaPolicy} allows.
 *
 * <p>Holds an {@link Admin} and nothing else. Thread-safe.
 */
public final class StreamingConsumerMCPServer extends AdminMCPServer {

    /** The name that this server gives itself. */
    public static final String NAME = "consumer-mcp-server";

    private static final ServerInfo INFO = new ServerInfo(
            NAME,
            ModuleVersion.current(),
            "Kafka consumers",
            "Watches and moves the consumer groups of one Apache Kafka cluster. Lag and offsets count records. To reset"
                    + " a consumer group, stop its consumers first.");

    /**
     * Around the application's own Admin, which this server never closes.
     *
     * @param admin stays the application's: it closes it after this server's {@link #cleanup()}
     */
    public StreamingConsumerMCPServer(Admin admin) {
        this(admin, KafkaPolicy.standard());
    }

    /**
     * The same under a policy.
     *
     * @param policy what agents may do
     */
    public StreamingConsumerMCPServer(Admin admin, KafkaPolicy policy) {
        super(INFO, new AdminHandle(admin, policy));
    }

    /** With an Admin of its own, as {@link KafkaMCPServer#KafkaMCPServer(KafkaConnection)} makes it. */
    public StreamingConsumerMCPServer(KafkaConnection connection) {
        this(connection, KafkaPolicy.standard());
    }

    /**
     * The same under a policy.
     *
     * @param policy what agents may do
     */
    public StreamingConsumerMCPServer(KafkaConnection connection, KafkaPolicy policy) {
        super(INFO, new AdminHandle(connection, policy));
    }

    @Override
    List<MCPTool> allTools(AdminHandle handle) {
        return ConsumerTools.all(handle);
    }
}
