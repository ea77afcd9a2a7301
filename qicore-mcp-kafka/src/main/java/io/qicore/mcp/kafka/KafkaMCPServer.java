package io.qicore.mcp.kafka;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.ConsumerTools;
import io.qicore.mcp.kafka.internal.KafkaPrompts;
import io.qicore.mcp.kafka.internal.KafkaResources;
import io.qicore.mcp.kafka.internal.ModuleVersion;
import io.qicore.mcp.kafka.internal.TopicTools;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.tool.MCPTool;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * Lets agents administer one Kafka cluster: its topics and its consumer groups.
 *
 * <pre>{@code
 * var server = new KafkaMCPServer(KafkaConnection.to("localhost:9092"));
 * server.initialize();
 * }</pre>
 *
 * <p>Tools for topics and the cluster: {@code list_topics}, {@code get_topic_metadata}, {@code get_metadata},
 * {@code get_cluster_health}, {@code list_acls}, {@code find_open_transactions}, {@code create_topic},
 * {@code add_partitions}, {@code alter_topic_config}, {@code delete_records}, {@code delete_topic}; and those for groups
 * of {@link StreamingConsumerMCPServer}. They fail with the codes of
 * {@link KafkaErrorCode} and {@link io.qicore.mcp.tool.StandardErrorCode}; a cluster that does not answer is
 * {@link KafkaErrorCode#BROKER_UNAVAILABLE} shortly before the call's deadline, and the server works again, without a
 * restart, as soon as the cluster does.
 *
 * <p>Holds an {@link Admin} and nothing else. Thread-safe.
 */
public final class KafkaMCPServer extends AdminMCPServer {

    /** The name that this server gives itself. */
    public static final String NAME = "kafka-mcp-server";

    private static final ServerInfo INFO = new ServerInfo(
            NAME,
            ModuleVersion.current(),
            "Kafka administration",
            "Administers the topics and consumer groups of one Apache Kafka cluster. Lag and offsets count records. To"
                    + " reset a consumer group, stop its consumers first.");

    /**
     * Around the application's own Admin, which this server never closes.
     *
     * @param admin stays the application's: it closes it after this server's {@link #cleanup()}
     */
    public KafkaMCPServer(Admin admin) {
        this(admin, KafkaPolicy.standard());
    }

    /**
     * The same under a policy.
     *
     * @param policy what agents may do
     */
    public KafkaMCPServer(Admin admin, KafkaPolicy policy) {
        super(INFO, new AdminHandle(admin, policy));
    }

    /**
     * With an Admin of its own, which {@link #initialize()} creates and {@link #cleanup()} closes. Neither waits for a
     * broker. Unless the connection sets them, an operation may take 10 s ({@code default.api.timeout.ms}) and a request
     * 5 s ({@code request.timeout.ms}).
     */
    public KafkaMCPServer(KafkaConnection connection) {
        this(connection, KafkaPolicy.standard());
    }

    /**
     * The same under a policy.
     *
     * @param policy what agents may do
     */
    public KafkaMCPServer(KafkaConnection connection, KafkaPolicy policy) {
        super(INFO, new AdminHandle(connection, policy));
    }

    @Override
    List<MCPTool> allTools(AdminHandle handle) {
        return Stream.concat(TopicTools.all(handle).stream(), ConsumerTools.all(handle).stream())
                .toList();
    }

    /** {@code kafka://topics/{topic}} and {@code kafka://groups/{group}/lag}, where the tool of the same answer is. */
    @Override
    public List<MCPResource> resources() {
        List<MCPResource> resources = new ArrayList<>();
        if (admin().policy().allowsTool("get_topic_metadata")) {
            resources.add(KafkaResources.topic(admin()));
        }
        resources.addAll(super.resources());
        return resources;
    }

    /** {@code diagnose_consumer_lag} and {@code plan_topic}. */
    @Override
    public List<MCPPrompt> prompts() {
        List<MCPPrompt> prompts = new ArrayList<>(super.prompts());
        prompts.add(KafkaPrompts.planTopic(offered()));
        return prompts;
    }
}
