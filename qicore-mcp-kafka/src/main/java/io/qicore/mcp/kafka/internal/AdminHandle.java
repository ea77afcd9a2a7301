package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.KafkaConnection;
import io.qicore.mcp.kafka.KafkaErrorCode;
import io.qicore.mcp.kafka.KafkaPolicy;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link Admin} behind a server: either the application's, which is never closed here, or one of the server's own,
 * which lives between {@link #open()} and {@link #close()}.
 *
 * <p>A client cannot be made while no bootstrap host name resolves. Like a broker that is down that may pass, so it
 * fails calls and not the start: each call tries again until a client is made.
 *
 * <p>Thread-safe.
 */
public final class AdminHandle {

    /** How long one Admin operation may take, unless the connection sets {@code default.api.timeout.ms}. */
    static final int DEFAULT_API_TIMEOUT_MS = 10_000;

    /** How long one request to one broker may take, unless the connection sets {@code request.timeout.ms}. */
    static final int REQUEST_TIMEOUT_MS = 5_000;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(AdminHandle.class);

    private final @Nullable KafkaConnection connection;
    private final KafkaPolicy policy;
    // Guards making and closing: looking up a host name can take seconds, for which callers wait no longer than they
    // may.
    private final ReentrantLock making = new ReentrantLock();
    private boolean open;
    private volatile @Nullable Admin admin;

    /** Around an Admin that the application opens and closes. */
    public AdminHandle(Admin admin, KafkaPolicy policy) {
        this.connection = null;
        this.policy = Objects.requireNonNull(policy, "policy");
        this.admin = Objects.requireNonNull(admin, "admin");
    }

    /** Around an Admin that is made from a connection by {@link #open()}. */
    public AdminHandle(KafkaConnection connection, KafkaPolicy policy) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.connection = Objects.requireNonNull(connection, "connection");
    }

    /**
     * Makes the server's own Admin, or leaves that to the first call while no bootstrap host name resolves; does nothing
     * for the application's. Does not wait for a broker.
     *
     * @throws KafkaException if a client property is wrong
     */
    public void open() {
        if (connection == null) {
            return;
        }
        making.lock();
        try {
            if (admin == null) {
                admin = Admin.create(properties(connection));
            }
            open = true;
        } catch (KafkaException e) {
            if (BootstrapHosts.anyResolves(connection)) {
                throw e;
            }
            open = true;
            log.warn("No host name of {} resolves; calls fail until one does", connection.bootstrapServers());
        } finally {
            making.unlock();
        }
    }

    /** Closes the server's own Admin within a few seconds; leaves the application's alone. */
    public void close() {
        if (connection == null) {
            return;
        }
        Admin current;
        making.lock();
        try {
            current = admin;
            admin = null;
            open = false;
        } finally {
            making.unlock();
        }
        if (current != null) {
            current.close(CLOSE_TIMEOUT);
        }
    }

    /** What clients of other kinds can be made from; null around the application's Admin. */
    @Nullable
    KafkaConnection connection() {
        return connection;
    }

    /** What agents may do through it. */
    public KafkaPolicy policy() {
        return policy;
    }

    /**
     * What one tool call reaches Kafka through.
     *
     * @throws MCPToolError {@link KafkaErrorCode#BROKER_UNAVAILABLE} while no bootstrap host name resolves
     * @throws KafkaException if the first call makes the client and a property is wrong
     * @throws IllegalStateException before {@link #open()} or after {@link #close()}
     */
    AdminSession session(ToolContext context) {
        Admin current = admin;
        if (connection == null) {
            return new AdminSession(Objects.requireNonNull(current), "The Kafka cluster", policy, context);
        }
        String cluster = "Kafka at " + connection.bootstrapServers();
        Admin own = current == null ? make(connection, cluster, context) : current;
        return new AdminSession(own, cluster, policy, context);
    }

    private Admin make(KafkaConnection connection, String cluster, ToolContext context) {
        if (!lock(cluster, context)) {
            throw unresolved(cluster, null);
        }
        try {
            if (!open) {
                throw new IllegalStateException("Not connected to Kafka: initialize the server first.");
            }
            Admin made = admin;
            if (made == null) {
                made = Admin.create(properties(connection));
                admin = made;
            }
            return made;
        } catch (KafkaException e) {
            if (BootstrapHosts.anyResolves(connection)) {
                throw e;
            }
            throw unresolved(cluster, e);
        } finally {
            making.unlock();
        }
    }

    private boolean lock(String cluster, ToolContext context) {
        try {
            return making.tryLock(CallTime.toWait(context).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MCPToolError(
                    StandardErrorCode.DEADLINE_EXCEEDED,
                    "The call was cancelled before " + cluster + " was found.",
                    Map.of(),
                    e);
        }
    }

    private static MCPToolError unresolved(String cluster, @Nullable Throwable cause) {
        return new MCPToolError(
                KafkaErrorCode.BROKER_UNAVAILABLE,
                cluster + " was not found: none of its host names resolves. Check KAFKA_BOOTSTRAP_SERVERS and the name"
                        + " service of this server's machine, then call again.",
                Map.of(),
                cause);
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
