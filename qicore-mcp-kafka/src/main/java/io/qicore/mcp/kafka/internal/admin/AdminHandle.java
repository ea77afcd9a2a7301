package io.qicore.mcp.kafka.internal.admin;

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
 * The {@link Admin} behind a server: either the application's, which is never closed here, or one of the server's own,
 * which lives between {@link #open()} and {@link #close()}. Thread-safe.
 */
public final class AdminHandle {

    /** How long one Admin operation may take, unless the connection sets {@code default.api.timeout.ms}. */
    static final int DEFAULT_API_TIMEOUT_MS = 10_000;

    /** How long one request to one broker may take, unless the connection sets {@code request.timeout.ms}. */
    static final int REQUEST_TIMEOUT_MS = 5_000;

    private final KafkaPolicy policy;
    private final @Nullable Admin given;
    private final @Nullable OwnAdmin own;
    private final String cluster;

    /** Around an Admin that the application opens and closes. */
    public AdminHandle(Admin admin, KafkaPolicy policy) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.given = Objects.requireNonNull(admin, "admin");
        this.own = null;
        this.cluster = "The Kafka cluster";
    }

    /** Around an Admin that is made from a connection by {@link #open()}. */
    public AdminHandle(KafkaConnection connection, KafkaPolicy policy) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.given = null;
        this.own = new OwnAdmin(connection);
        this.cluster = "Kafka at " + connection.bootstrapServers();
    }

    /**
     * Makes the server's own Admin, or leaves that to the first call while no bootstrap host name resolves; does nothing
     * for the application's. Does not wait for a broker.
     *
     * @throws KafkaException if a client property is wrong
     */
    public void open() {
        if (own != null) {
            own.open();
        }
    }

    /** Closes the server's own Admin within a few seconds; leaves the application's alone. */
    public void close() {
        if (own != null) {
            own.close();
        }
    }

    /** What clients of other kinds can be made from; null around the application's Admin. */
    @Nullable
    public KafkaConnection connection() {
        return own == null ? null : own.connection();
    }

    /** What agents may do through it. */
    public KafkaPolicy policy() {
        return policy;
    }

    /**
     * What one request reaches Kafka through.
     *
     * @throws MCPToolError {@link KafkaErrorCode#BROKER_UNAVAILABLE} while no bootstrap host name resolves
     * @throws KafkaException if the first call makes the client and a property is wrong
     * @throws IllegalStateException before {@link #open()} or after {@link #close()}
     */
    public AdminSession session(RequestContext context) {
        if (own == null) {
            return new AdminSession(Objects.requireNonNull(given), Liveness.UNWATCHED, cluster, policy, context);
        }
        Admin admin = own.get(context);
        return new AdminSession(admin, own.watch(admin), cluster, policy, context);
    }

    /** Kafka refuses an API timeout below the request timeout, so a limit that only one of them has moves the other. */
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
