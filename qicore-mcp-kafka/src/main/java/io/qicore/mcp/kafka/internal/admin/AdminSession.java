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
import org.apache.kafka.common.errors.AuthenticationException;

/**
 * The access of one tool call to Kafka. Every wait ends, with a typed error, shortly before the deadline of the call. There
 * are two limits. First the Admin gives up its request, so that a write does not take effect long after the call was
 * answered. Then this session stops waiting. The rest of the time is for the answer.
 *
 * <p>Only the thread that serves the call may use it.
 */
public final class AdminSession {

    private static final long GIVE_UP_MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Admin admin;
    private final ResponseListener responses;
    private final KafkaCluster cluster;
    private final KafkaPolicy policy;
    private final Permissions permissions;
    private final long waitUntilNanos;

    AdminSession(
            Admin admin, ResponseListener responses, KafkaCluster cluster, KafkaPolicy policy, RequestContext context) {
        this.admin = admin;
        this.responses = responses;
        this.cluster = cluster;
        this.policy = policy;
        this.permissions = new Permissions(policy, context.caller());
        this.waitUntilNanos = System.nanoTime() + CallTime.toWait(context).toNanos();
    }

    /** Returns the Admin for operations that do not change anything. */
    public Admin admin() {
        return admin;
    }

    /**
     * Returns the Admin for operations that change something.
     *
     * @throws MCPToolError with {@link KafkaErrorCode#NOT_ALLOWED} in read-only mode. Tools that change something are not
     *     offered then; this is a second barrier
     */
    public Admin writer() {
        if (policy.readOnly()) {
            throw new MCPToolError(
                    KafkaErrorCode.NOT_ALLOWED,
                    "This server is read-only. Its operator can allow changes with the setting"
                            + " KAFKA_TOOLS_READ_ONLY.",
                    Map.of());
        }
        return admin;
    }

    /** Returns what the caller may see and change. */
    public Permissions permissions() {
        return permissions;
    }

    /** Returns the confirmation, which decides whether a planned change is applied, previewed or asked about. */
    public Confirmation confirmation() {
        return new Confirmation(policy.confirmation());
    }

    /** Returns the cluster, which in a message stands for its name, such as {@code Kafka at localhost:9092}. */
    public KafkaCluster cluster() {
        return cluster;
    }

    /** Sets the time limit of options so that it fits this call, and returns them. */
    public <O extends AbstractOptions<?>> O bounded(O options) {
        return bounded(options, Duration.ofNanos(left()));
    }

    /**
     * Sets the time limit of options so that it fits this call and a bound of their own, and returns them. A request that is
     * sent to several brokers needs a bound of its own: one broker that hangs must leave the time for the rest of the answer.
     */
    public <O extends AbstractOptions<?>> O bounded(O options, Duration most) {
        long left = left();
        long limit = Math.min(left - Math.min(GIVE_UP_MARGIN_NANOS, left / 4), most.toNanos());
        options.timeoutMs((int) Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(limit))));
        return options;
    }

    /**
     * Waits for an answer of Kafka.
     *
     * @param operation what was requested, for the error
     * @throws MCPToolError if it fails, with the error that {@link KafkaErrors} returns for the failure
     */
    public <T> T await(KafkaFuture<T> future, KafkaOperation operation) {
        try {
            T answer = future.get(left(), TimeUnit.NANOSECONDS);
            responses.arrived();
            return answer;
        } catch (ExecutionException e) {
            Throwable failure = e.getCause() == null ? e : KafkaErrors.unwrapped(e.getCause());
            if (failure instanceof org.apache.kafka.common.errors.TimeoutException) {
                responses.timedOut();
            } else if (failure instanceof AuthenticationException) {
                responses.refused();
            } else {
                responses.arrived();
            }
            throw KafkaErrors.of(failure, operation, cluster);
        } catch (TimeoutException e) {
            responses.timedOut();
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
     * Waits for an answer, whether it is a success or a failure, for at most the given time.
     *
     * @return whether the answer has arrived
     */
    public boolean done(KafkaFuture<?> future, Duration patience) {
        try {
            future.get(Math.min(left(), patience.toNanos()), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            // The failure is reported when the result is read.
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            // The next wait notices the interrupt and ends the call.
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Waits, to see what changes in the meantime, for at most a quarter of the time left.
     *
     * @throws MCPToolError with {@link StandardErrorCode#DEADLINE_EXCEEDED} if the call is cancelled
     */
    public void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(Math.min(time.toNanos(), left() / 4));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MCPToolError(
                    StandardErrorCode.DEADLINE_EXCEEDED, "The call was cancelled while it waited.", Map.of(), e);
        }
    }

    /** Returns the time left to wait. */
    public Duration remaining() {
        return Duration.ofNanos(left());
    }

    private long left() {
        return Math.max(0, waitUntilNanos - System.nanoTime());
    }
}
