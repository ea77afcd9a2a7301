package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.producer.runtime.ProducerRuntime;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.source.SourceErrors;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds producers that would copy records in a circle and fill the disks of the brokers. */
final class CopyLoops {

    private CopyLoops() {}

    /**
     * Returns if what a producer that is to be started would write is not copied, on whatever way, to a topic that it reads.
     *
     * @throws io.qicore.mcp.tool.MCPToolError if it is
     */
    static void requireNone(SourceSpec spec, Collection<ProducerStatus> producers) {
        requireNone(spec.topic(), spec.topicsRead(), producers);
    }

    /**
     * Returns if what a producer that is to be resumed would write is not copied to a topic that it reads, or there is no such
     * producer. Others may have been started since it ended.
     *
     * @throws io.qicore.mcp.tool.MCPToolError if it is
     */
    static void requireNone(String sourceId, Collection<ProducerStatus> producers) {
        producers.stream()
                .filter(producer -> producer.sourceId().equals(sourceId))
                .forEach(producer -> requireNone(producer.topic(), producer.topicsRead(), producers));
    }

    /**
     * Stops a producer that has been started if it closes a circle with one that was started at the same time, perhaps by another
     * replica. Each of two such calls sees the producer of the other, or comes after it. If the producers cannot be listed, it goes
     * on: it may have run for long, and the same call again looks again.
     *
     * @throws MCPToolError if it was stopped, or the producers cannot be listed
     */
    static void stopIfAny(ProducerRuntime runtime, ProducerStatus started, Duration timeout)
            throws InterruptedException {
        if (started.topicsRead().isEmpty()) {
            return;
        }
        List<ProducerStatus> producers = runtime.status(timeout);
        try {
            requireNone(started.topic(), started.topicsRead(), producers);
        } catch (MCPToolError e) {
            runtime.stop(started.sourceId(), timeout);
            throw e;
        }
    }

    private static void requireNone(String written, List<String> topicsRead, Collection<ProducerStatus> producers) {
        Set<String> reached = new HashSet<>();
        ArrayDeque<String> next = new ArrayDeque<>();
        next.add(written);
        for (String topic = next.poll(); topic != null; topic = next.poll()) {
            if (topicsRead.contains(topic)) {
                throw SourceErrors.invalid(
                        "topic",
                        "must not be '" + written + "': other producers copy it to '" + topic
                                + "', which this one would read, so that records would go round without end");
            }
            if (reached.add(topic)) {
                String from = topic;
                producers.stream()
                        .filter(producer -> !producer.state().hasEnded())
                        .filter(producer -> producer.topicsRead().contains(from))
                        .map(ProducerStatus::topic)
                        .forEach(next::add);
            }
        }
    }
}
