package io.qicore.mcp.kafka;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.internal.AdminHandle;
import io.qicore.mcp.kafka.internal.ConsumerTools;
import io.qicore.mcp.kafka.internal.KafkaPrompts;
import io.qicore.mcp.kafka.internal.KafkaResources;
import io.qicore.mcp.kafka.internal.LagWatch;
import io.qicore.mcp.kafka.internal.OfferedTools;
import io.qicore.mcp.kafka.internal.Version;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
public final class StreamingConsumerMCPServer extends StatelessMCPServer {

    /** The name that this server gives itself. */
    public static final String NAME = "consumer-mcp-server";

    private static final ServerInfo INFO = new ServerInfo(
            NAME,
            Version.current(),
            "Kafka consumers",
            "Watches and moves the consumer groups of one Apache Kafka cluster. Lag and offsets count records. To reset"
                    + " a consumer group, stop its consumers first.");

    private final AdminHandle admin;
    private final LagWatch lagWatch;

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
        super(INFO);
        this.admin = new AdminHandle(admin, policy);
        this.lagWatch = new LagWatch(this.admin);
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
        super(INFO);
        this.admin = new AdminHandle(connection, policy);
        this.lagWatch = new LagWatch(this.admin);
    }

    @Override
    public List<MCPTool> tools() {
        return OfferedTools.under(admin.policy(), List.of(ConsumerTools.all(admin)));
    }

    /** {@code kafka://groups/{group}/lag}, where {@code get_consumer_lag} is. */
    @Override
    public List<MCPResource> resources() {
        return admin.policy().allowsTool("get_consumer_lag") ? KafkaResources.lag(admin, lagWatch) : List.of();
    }

    /** {@code diagnose_consumer_lag}. */
    @Override
    public List<MCPPrompt> prompts() {
        Set<String> offered = tools().stream().map(MCPTool::name).collect(Collectors.toSet());
        return List.of(KafkaPrompts.diagnoseLag(admin, offered));
    }

    @Override
    protected void connect() {
        admin.open();
    }

    @Override
    protected void disconnect() {
        lagWatch.close();
        admin.close();
    }
}
