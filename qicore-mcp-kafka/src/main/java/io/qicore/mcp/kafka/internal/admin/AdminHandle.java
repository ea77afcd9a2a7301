package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Admin} of a server. It is either the Admin of the application, which this class never closes, or the server's
 * own, which exists between {@link #open()} and {@link #close()}. Thread-safe.
 */
public final class AdminHandle {

    /** The time limit of one Admin operation, unless the connection sets {@code default.api.timeout.ms}. */
    static final int DEFAULT_API_TIMEOUT_MS = 10_000;

    /** The time limit of one request to one broker, unless the connection sets {@code request.timeout.ms}. */
    static final int REQUEST_TIMEOUT_MS = 5_000;

    private final KafkaPolicy policy;
    private final @Nullable Admin given;
    private final @Nullable ReconnectingAdmin own;
    private final KafkaCluster cluster;

    /** Creates a handle for an Admin that the application creates and closes. */
    public AdminHandle(Admin admin, KafkaPolicy policy) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.given = Objects.requireNonNull(admin, "admin");
        this.own = null;
        this.cluster = KafkaCluster.GIVEN;
    }

    /** Creates a handle for an Admin that {@link #open()} creates from a connection. */
    public AdminHandle(KafkaConnection connection, KafkaPolicy policy) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.given = null;
        this.own = new ReconnectingAdmin(connection);
        this.cluster = KafkaCluster.of(connection);
    }

    /**
     * Creates the server's own Admin. If no bootstrap host name resolves, the first call creates it. Does nothing for the
     * Admin of the application. Does not wait for a broker.
     *
     * @throws KafkaException if a client property is wrong
     */
    public void open() {
        if (own != null) {
            own.open();
        }
    }

    /** Closes the server's own Admin within a few seconds. Does nothing for the Admin of the application. */
    public void close() {
        if (own != null) {
            own.close();
        }
    }

    /** Returns the connection from which clients of other kinds can be created; null for the Admin of the application. */
    @Nullable
    public KafkaConnection connection() {
        return own == null ? null : own.connection();
    }

    /** Returns what agents may do. */
    public KafkaPolicy policy() {
        return policy;
    }

    /** Returns what a caller may see and change. */
    public Permissions permissions(Caller caller) {
        return new Permissions(policy, caller);
    }

    /**
     * Returns a session for one request.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#BROKER_UNAVAILABLE} if no bootstrap host name resolves
     * @throws KafkaException if this call creates the client and a client property is wrong
     * @throws IllegalStateException before {@link #open()} or after {@link #close()}
     */
    public AdminSession session(RequestContext context) {
        if (own == null) {
            return new AdminSession(Objects.requireNonNull(given), ResponseListener.NONE, cluster, policy, context);
        }
        Admin admin = own.get(context);
        return new AdminSession(admin, own.watch(admin), cluster, policy, context);
    }

    /**
     * Returns the properties of the connection with both timeouts. Kafka refuses an API timeout below the request timeout.
     * So if the connection sets only one of them, the default of the other is adapted to it.
     */
    static Map<String, Object> properties(KafkaConnection connection) {
        Map<String, Object> given = connection.properties();
        Map<String, Object> bounded = new LinkedHashMap<>(given);
        int api = milliseconds(given, AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, DEFAULT_API_TIMEOUT_MS);
        int request = milliseconds(given, AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        bounded.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.max(api, request));
        bounded.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(api, request));
        return bounded;
    }

    private static int milliseconds(Map<String, Object> properties, String name, int otherwise) {
        Object value = properties.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value.toString().trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number of milliseconds, not '" + value + "'.", e);
        }
    }
}
