package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.change.Confirmation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AbstractOptions;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;

/**
 * One tool call's way to Kafka: every wait ends, with a typed error, a little before the call's deadline. Two limits, in
 * this order: the Admin gives its request up, which also keeps a write from taking effect long after the call was
 * answered; then this session stops waiting. What is left until the deadline is for the answer.
 *
 * <p>For use by the thread that serves the call.
 */
public final class AdminSession {

    private static final long GIVE_UP_MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Admin admin;
    private final Liveness liveness;
    private final String cluster;
    private final KafkaPolicy policy;
    private final long waitUntilNanos;

    AdminSession(Admin admin, Liveness liveness, String cluster, KafkaPolicy policy, RequestContext context) {
        this.admin = admin;
        this.liveness = liveness;
        this.cluster = cluster;
        this.policy = policy;
        this.waitUntilNanos = System.nanoTime() + CallTime.toWait(context).toNanos();
    }

    /** For what changes nothing. */
    public Admin admin() {
        return admin;
    }

    /**
     * For what changes something.
     *
     * @throws MCPToolError {@link KafkaErrorCode#NOT_ALLOWED} in read-only mode, should a tool that writes be offered
     */
    public Admin writer() {
        if (policy.readOnly()) {
            throw new MCPToolError(
                    KafkaErrorCode.NOT_ALLOWED,
                    "This server is read-only: it changes nothing. Whoever runs it has to allow changes"
                            + " (KAFKA_TOOLS_READ_ONLY).",
                    Map.of());
        }
        return admin;
    }

    /** What the caller may see and change. */
    public Permissions permissions() {
        return new Permissions(policy);
    }

    /** Decides whether a planned change is made, shown, or asked about. */
    public Confirmation confirmation() {
        return new Confirmation(policy.confirmation());
    }

    /** The cluster, as the subject of a sentence. */
    public String cluster() {
        return cluster;
    }

    /** The options with a time limit that fits this call. */
    public <O extends AbstractOptions<?>> O bounded(O options) {
        long left = left();
        long limit = left - Math.min(GIVE_UP_MARGIN_NANOS, left / 4);
        options.timeoutMs((int) Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(limit))));
        return options;
    }

    /**
     * Waits for an answer of Kafka.
     *
     * @throws MCPToolError for every failure, as {@link KafkaErrors} maps it
     */
    public <T> T await(KafkaFuture<T> future, KafkaOperation operation) {
        try {
            T answer = future.get(left(), TimeUnit.NANOSECONDS);
            liveness.answered();
            return answer;
        } catch (ExecutionException e) {
            Throwable failure = e.getCause() == null ? e : KafkaErrors.unwrapped(e.getCause());
            if (failure instanceof org.apache.kafka.common.errors.TimeoutException) {
                liveness.silent();
            } else {
                liveness.answered();
            }
            throw KafkaErrors.of(failure, operation, cluster);
        } catch (TimeoutException e) {
            liveness.silent();
            throw KafkaErrors.of(e, operation, cluster);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MCPToolError(
                    StandardErrorCode.DEADLINE_EXCEEDED,
                    "The call was cancelled before " + cluster + " answered.",
                    operation.context(),
                    e);
        }
    }

    /**
     * Waits a little for an answer, whether it is a success or a failure.
     *
     * @return whether it has come
     */
    public boolean done(KafkaFuture<?> future, Duration patience) {
        try {
            future.get(Math.min(left(), patience.toNanos()), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            // Whoever asks for the result is told why.
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            // The next wait sees the interrupt and ends the call.
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The time left to wait. */
    public Duration remaining() {
        return Duration.ofNanos(left());
    }

    private long left() {
        return Math.max(0, waitUntilNanos - System.nanoTime());
    }
}
