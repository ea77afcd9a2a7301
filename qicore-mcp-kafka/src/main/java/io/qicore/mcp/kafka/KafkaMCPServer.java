package io.qicore.mcp.kafka;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.internal.ConsumerTools;
import io.qicore.mcp.kafka.internal.HealthTools;
import io.qicore.mcp.kafka.internal.KafkaPrompts;
import io.qicore.mcp.kafka.internal.KafkaResources;
import io.qicore.mcp.kafka.internal.ModuleVersion;
import io.qicore.mcp.kafka.internal.RecordClients;
import io.qicore.mcp.kafka.internal.TopicTools;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.records.RecordsMCPServer;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.skill.MCPSkill;
import io.qicore.mcp.tool.MCPTool;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Lets agents administer the topics and the consumer groups of one Kafka cluster.
 *
 * <pre>{@code
 * var server = new KafkaMCPServer(KafkaConnection.to("localhost:9092"));
 * server.initialize();
 * }</pre>
 *
 * <p>The tools for topics are {@code list_topics}, {@code get_topic_metadata}, {@code get_metadata}, {@code list_acls},
 * {@code find_open_transactions}, {@code create_topic}, {@code add_partitions}, {@code alter_topic_config},
 * {@code delete_records} and {@code delete_topic}. The tools for the health of the cluster are {@code get_cluster_health},
 * {@code get_broker_config}, {@code list_reassignments} and {@code list_quotas}. The tools for
 * groups are those of {@link StreamingConsumerMCPServer}. Tools fail with the codes of {@link KafkaErrorCode} and
 * {@link io.qicore.mcp.tool.StandardErrorCode}. If the cluster does not answer, a call fails with
 * {@link KafkaErrorCode#BROKER_UNAVAILABLE} shortly before its deadline. As soon as the cluster answers again, so does the
 * server, without a restart.
 *
 * <p>If the policy {@linkplain KafkaPolicy#records() allows records}, the server also has the tools of
 * {@link RecordsMCPServer}; if it {@linkplain KafkaPolicy#produce() allows to produce}, also {@code produce_records} and
 * {@code abort_transaction}.
 *
 * <p>Holds an {@link Admin} and no other state. Thread-safe.
 */
public final class KafkaMCPServer extends AdminMCPServer {

    /** The name that this server reports to clients. */
    public static final String NAME = "kafka-mcp-server";

    private static final ServerInfo INFO = new ServerInfo(
            NAME,
            ModuleVersion.current(),
            "Kafka administration",
            "Administers the topics and consumer groups of one Apache Kafka cluster. Lag and offsets count records. To"
                    + " reset a consumer group, stop its consumers first.");

    private final @Nullable RecordClients records;

    /**
     * Creates a server with {@link KafkaOptions#defaults()} that uses the Admin of the application.
     *
     * @param admin the server never closes it; the application closes it after this server's {@link #cleanup()}
     */
    public KafkaMCPServer(Admin admin) {
        this(admin, KafkaOptions.defaults());
    }

    /**
     * Creates a server that uses the Admin of the application.
     *
     * @param admin the server never closes it; the application closes it after this server's {@link #cleanup()}
     * @param options what agents may do, and the settings of the server
     * @throws IllegalArgumentException if the policy allows to read or write records, which needs a
     *     {@link KafkaConnection}
     */
    public KafkaMCPServer(Admin admin, KafkaOptions options) {
        super(INFO, new AdminHandle(admin, options.policy()), options);
        if (needsRecords(options.policy())) {
            throw new IllegalArgumentException(
                    "The policy allows to read or write records, which an Admin cannot do. Create"
                            + " the server with a KafkaConnection, or without records and produce.");
        }
        this.records = null;
    }

    /** Creates a server with {@link KafkaOptions#defaults()} and an Admin of its own. */
    public KafkaMCPServer(KafkaConnection connection) {
        this(connection, KafkaOptions.defaults());
    }

    /**
     * Creates a server with an Admin of its own, which {@link #initialize()} creates and {@link #cleanup()} closes. Neither
     * waits for a broker. By default an operation may take 10 s and a request 5 s; the connection can set
     * {@code default.api.timeout.ms} and {@code request.timeout.ms}.
     *
     * @param options what agents may do, and the settings of the server
     */
    public KafkaMCPServer(KafkaConnection connection, KafkaOptions options) {
        super(INFO, new AdminHandle(connection, options.policy()), options);
        this.records = needsRecords(options.policy()) ? new RecordClients(connection, options) : null;
    }

    @Override
    List<MCPTool> allTools() {
        return Stream.of(
                        TopicTools.all(admin(), options().replicationFactor()),
                        HealthTools.all(admin()),
                        ConsumerTools.all(admin(), lagSamples()),
                        recordTools())
                .flatMap(List::stream)
                .toList();
    }

    private static boolean needsRecords(KafkaPolicy policy) {
        return policy.records() || policy.produce();
    }

    private List<MCPTool> recordTools() {
        if (records == null) {
            return List.of();
        }
        List<MCPTool> tools = new ArrayList<>();
        if (options().policy().records()) {
            tools.addAll(records.reading(admin()));
        }
        if (options().policy().produce()) {
            tools.addAll(records.writing(admin()));
        }
        return tools;
    }

    /**
     * Makes the resources {@code kafka://topics/{topic}} and {@code kafka://groups/{group}/lag}, each only if the policy
     * allows the tool that returns the same data.
     */
    @Override
    public List<MCPResource> resources() {
        List<MCPResource> resources = new ArrayList<>();
        if (admin().policy().allowsTool("get_topic_metadata")) {
            resources.add(KafkaResources.topic(admin()));
        }
        resources.addAll(super.resources());
        return resources;
    }

    /** Makes the prompts {@code diagnose_consumer_lag} and {@code plan_topic}. */
    @Override
    public List<MCPPrompt> prompts() {
        List<MCPPrompt> prompts = new ArrayList<>(super.prompts());
        prompts.add(KafkaPrompts.planTopic(offeredNames()));
        return prompts;
    }

    /** Reads the skills {@code diagnose-consumer-lag}, {@code reset-consumer-group} and {@code plan-topic}. */
    @Override
    public List<MCPSkill> skills() {
        List<MCPSkill> skills = new ArrayList<>(super.skills());
        skills.add(skill("plan-topic"));
        return skills;
    }

    @Override
    protected void disconnect() throws InterruptedException {
        if (records != null) {
            records.awaitClosed();
        }
        super.disconnect();
    }
}
