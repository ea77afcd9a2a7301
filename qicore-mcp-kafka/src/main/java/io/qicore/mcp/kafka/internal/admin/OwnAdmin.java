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
 * An {@link Admin} that is made, and made again, for the server that owns it.
 *
 * <p>It cannot be made while no bootstrap host name resolves. Like a broker that is down that may pass, so it fails calls
 * and not the start: each call tries again until a client is made.
 *
 * <p>It is made anew when it has been silent for longer than a request may take. Kafka's client waits up to an hour for
 * the first word of a port that takes the connection and says nothing (a hung broker, a proxy without one), even when the
 * port answers new connections again.
 *
 * <p>Thread-safe.
 */
final class OwnAdmin {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(OwnAdmin.class);

    private final KafkaConnection connection;
    // Guards making and closing: looking up a host name can take seconds, for which callers wait no longer than they
    // may.
    private final ReentrantLock making = new ReentrantLock();
    private boolean open;
    private volatile @Nullable Admin admin;
    private volatile long lastAnswerNanos;

    OwnAdmin(KafkaConnection connection) {
        this.connection = Objects.requireNonNull(connection, "connection");
    }

    KafkaConnection connection() {
        return connection;
    }

    /** @throws KafkaException if a client property is wrong */
    void open() {
        making.lock();
        try {
            if (admin == null) {
                admin = make();
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

    void close() {
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

    /**
     * The client, made now if there is none.
     *
     * @throws MCPToolError {@link KafkaErrorCode#BROKER_UNAVAILABLE} while no bootstrap host name resolves
     * @throws KafkaException if it is made now and a client property is wrong
     * @throws IllegalStateException unless open
     */
    Admin get(RequestContext context) {
        Admin current = admin;
        if (current != null) {
            return current;
        }
        if (!lock(context)) {
            throw unresolved(null);
        }
        try {
            if (!open) {
                throw new IllegalStateException("Not connected to Kafka: initialize the server first.");
            }
            Admin made = admin;
            if (made == null) {
                made = make();
                admin = made;
            }
            return made;
        } catch (KafkaException e) {
            if (BootstrapHosts.anyResolves(connection)) {
                throw e;
            }
            throw unresolved(e);
        } finally {
            making.unlock();
        }
    }

    /** What the users of a client tell of it. */
    Liveness watch(Admin watched) {
        return new Liveness() {
            @Override
            public void answered() {
                lastAnswerNanos = System.nanoTime();
            }

            @Override
            public void silent() {
                if (System.nanoTime() - lastAnswerNanos > patienceNanos()) {
                    discard(watched);
                }
            }
        };
    }

    private void discard(Admin silent) {
        making.lock();
        try {
            if (admin != silent) {
                return;
            }
            admin = null;
        } finally {
            making.unlock();
        }
        log.info("No answer from {} for long; connecting anew", connection.bootstrapServers());
        silent.close(Duration.ZERO);
    }

    private Admin make() {
        Admin made = Admin.create(AdminHandle.properties(connection));
        lastAnswerNanos = System.nanoTime();
        return made;
    }

    private long patienceNanos() {
        Object milliseconds = AdminHandle.properties(connection).get(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG);
        return TimeUnit.MILLISECONDS.toNanos(
                Long.parseLong(String.valueOf(milliseconds).strip()));
    }

    private boolean lock(RequestContext context) {
        try {
            return making.tryLock(CallTime.toWait(context).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MCPToolError(
                    StandardErrorCode.DEADLINE_EXCEEDED,
                    "The call was cancelled before Kafka at " + connection.bootstrapServers() + " was found.",
                    Map.of(),
                    e);
        }
    }

    private MCPToolError unresolved(@Nullable Throwable cause) {
        return new MCPToolError(
                KafkaErrorCode.BROKER_UNAVAILABLE,
                "Kafka at " + connection.bootstrapServers()
                        + " was not found: none of its host names resolves. Check KAFKA_BOOTSTRAP_SERVERS and the name"
                        + " service of this server's machine, then call again.",
                Map.of(),
                cause);
    }
}
