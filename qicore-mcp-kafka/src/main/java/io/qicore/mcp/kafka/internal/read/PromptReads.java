package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.AdminSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** Reads topics and offsets for calls that answer with what they have although a broker hangs. */
public final class PromptReads {

    /** How long to wait for the other leaders when one has answered. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How long to wait for a broker before another one is asked as well. */
    private static final Duration HEDGE = Duration.ofSeconds(1);

    private static final int HEDGES = 2;
    private static final Duration LOOK = Duration.ofMillis(20);

    private PromptReads() {}

    /**
     * Describes a topic. If a broker does not answer soon, a second request is sent. The Admin sends it to another broker,
     * because it does not use one that has not answered yet.
     *
     * @throws io.qicore.mcp.tool.MCPToolError as {@link Topics#describe} does
     */
    public static TopicDescription describe(AdminSession kafka, String topic) {
        for (int i = 0; i < HEDGES; i++) {
            var requested = Topics.request(kafka, topic);
            if (kafka.done(requested, HEDGE)) {
                return Topics.await(kafka, requested, topic);
            }
        }
        return Topics.describe(kafka, topic);
    }

    /**
     * Sends requests. Those of which nothing is answered soon are sent again, to other brokers, as far as that is possible.
     *
     * @param partitions those that are requested, each of which has a leader
     * @param kinds send the requests
     * @return the requests, in the order of the kinds
     */
    public static List<LogOffsets> request(
            AdminSession kafka, List<TopicPartition> partitions, List<Supplier<LogOffsets>> kinds) {
        List<LogOffsets> asked =
                new ArrayList<>(kinds.stream().map(Supplier::get).toList());
        long until = System.nanoTime() + HEDGE.toNanos();
        for (int i = 0; i < kinds.size() && !partitions.isEmpty(); i++) {
            LogOffsets request = asked.get(i);
            while (!anyDone(request, partitions) && System.nanoTime() < until) {
                kafka.done(request.future(partitions.get(0)), LOOK);
            }
            if (!anyDone(request, partitions)) {
                asked.set(i, kinds.get(i).get());
            }
        }
        return asked;
    }

    /** Waits for the answers: for the first one as long as the call may take, then for the others a moment. */
    public static Set<TopicPartition> answered(
            AdminSession kafka, List<TopicPartition> partitions, List<LogOffsets> requests) {
        long until = System.nanoTime() + kafka.remaining().toNanos();
        boolean first = false;
        Set<TopicPartition> answered = new HashSet<>();
        for (TopicPartition partition : partitions) {
            boolean done = true;
            for (LogOffsets request : requests) {
                while (!request.future(partition).isDone()) {
                    if (!first
                            && partitions.stream()
                                    .anyMatch(id -> requests.get(0).future(id).isDone())) {
                        first = true;
                        until = Math.min(until, System.nanoTime() + PATIENCE.toNanos());
                    }
                    Duration left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
                    if (left.isZero() || Thread.currentThread().isInterrupted()) {
                        break;
                    }
                    kafka.done(request.future(partition), first || left.compareTo(LOOK) < 0 ? left : LOOK);
                }
                done &= request.future(partition).isDone();
            }
            if (done) {
                answered.add(partition);
            }
        }
        return answered;
    }

    private static boolean anyDone(LogOffsets request, List<TopicPartition> partitions) {
        return partitions.stream().anyMatch(id -> request.future(id).isDone());
    }
}
