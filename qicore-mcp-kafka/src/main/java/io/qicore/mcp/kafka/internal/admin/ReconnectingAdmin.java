package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
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
 * An {@link Admin} that is created, and replaced if it no longer gets responses, for the server that owns it.
 *
 * <p>It cannot be created while no bootstrap host name resolves. That can be temporary, like a broker that is down, so it
 * makes calls fail and not the start of the server. Each call tries again until the client has been created.
 *
 * <p>It is replaced when it has not received a response for longer than the request timeout. Kafka's client waits for up to
 * an hour for the first response on a connection that was accepted but stays silent (a hung broker, or a proxy without a
 * broker behind it), even if new connections to the same port would work again. It is also replaced when the credentials were
 * refused: Kafka's client would try again, and log it, every second, even if nobody calls.
 *
 * <p>Thread-safe.
 */
final class ReconnectingAdmin {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DISCARD_TIMEOUT = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(ReconnectingAdmin.class);

    private final KafkaConnection connection;
    // Guards creation and closing. A look-up of a host name can take seconds, so callers wait for the lock with a time
    // limit of their own.
    private final ReentrantLock lock = new ReentrantLock();
    private boolean open;
    private volatile @Nullable Admin admin;
    private volatile long lastResponseNanos;

    ReconnectingAdmin(KafkaConnection connection) {
        this.connection = Objects.requireNonNull(connection, "connection");
    }

    KafkaConnection connection() {
        return connection;
    }

    /**
     * Creates the client, unless no bootstrap host name resolves.
     *
     * @throws KafkaException if a client property is wrong
     */
    void open() {
        lock.lock();
        try {
            if (admin == null) {
                admin = create();
            }
            open = true;
        } catch (KafkaException e) {
            if (BootstrapHosts.anyResolves(connection)) {
                throw e;
            }
            open = true;
            log.warn("No host name of {} can be resolved; calls fail until one can be", connection.bootstrapServers());
        } finally {
            lock.unlock();
        }
    }

    void close() {
        Admin current;
        lock.lock();
        try {
            current = admin;
            admin = null;
            open = false;
        } finally {
            lock.unlock();
        }
        if (current != null) {
            current.close(CLOSE_TIMEOUT);
        }
    }

    /**
     * Returns the client. Creates it if it does not exist.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#BROKER_UNAVAILABLE} if no bootstrap host name resolves
     * @throws KafkaException if it is created by this call and a client property is wrong
     * @throws IllegalStateException if this is not open
     */
    Admin get(RequestContext context) {
        Admin current = admin;
        if (current != null) {
            return current;
        }
        if (!tryLock(context)) {
            throw unresolved(null);
        }
        try {
            if (!open) {
                throw new IllegalStateException("Not connected to Kafka: initialize the server first.");
            }
            Admin created = admin;
            if (created == null) {
                created = create();
                admin = created;
            }
            return created;
        } catch (KafkaException e) {
            if (BootstrapHosts.anyResolves(connection)) {
                throw e;
            }
            throw unresolved(e);
        } finally {
            lock.unlock();
        }
    }

    /** Returns a listener that replaces the client if it no longer gets responses. */
    ResponseListener watch(Admin watched) {
        return new ResponseListener() {
            @Override
            public void arrived() {
                lastResponseNanos = System.nanoTime();
            }

            @Override
            public void timedOut() {
                if (System.nanoTime() - lastResponseNanos > requestTimeoutNanos()) {
                    discard(watched, "did not respond within the request timeout");
                }
            }

            @Override
            public void refused() {
                discard(watched, "could not be authenticated with");
            }
        };
    }

    private void discard(Admin useless, String reason) {
        lock.lock();
        try {
            if (admin != useless) {
                return;
            }
            admin = null;
        } finally {
            lock.unlock();
        }
        log.info("{} {}; the next call creates a new client", connection.bootstrapServers(), reason);
        // Other calls may still wait for the answers of this client, so it ends in the background.
        Thread closing = new Thread(() -> useless.close(DISCARD_TIMEOUT), "qicore-mcp-kafka-close");
        closing.setDaemon(true);
        closing.start();
    }

    private Admin create() {
        Admin created = Admin.create(AdminHandle.properties(connection));
        lastResponseNanos = System.nanoTime();
        return created;
    }

    private long requestTimeoutNanos() {
        Object milliseconds = AdminHandle.properties(connection).get(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG);
        return TimeUnit.MILLISECONDS.toNanos(
                Long.parseLong(String.valueOf(milliseconds).strip()));
    }

    private boolean tryLock(RequestContext context) {
        try {
            return lock.tryLock(CallTime.toWait(context).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MCPToolError(
                    StandardErrorCode.DEADLINE_EXCEEDED,
                    "The call was cancelled before Kafka at " + connection.bootstrapServers() + " could be found.",
                    Map.of(),
                    e);
        }
    }

    private MCPToolError unresolved(@Nullable Throwable cause) {
        return new MCPToolError(
                KafkaErrorCode.BROKER_UNAVAILABLE,
                "Kafka at " + connection.bootstrapServers()
                        + " was not found: none of its host names can be resolved. Check KAFKA_BOOTSTRAP_SERVERS and"
                        + " the DNS of this server's machine, then call again.",
                Map.of(),
                cause);
    }
}
