package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;

/**
 * The log directories of brokers. All brokers are asked at once. Kafka does not have a cheaper way to read the size of a
 * partition and cannot filter by topic, so only calls that need sizes should read them. {@link #request} sends the requests
 * and does not wait.
 */
public final class LogDirs {

    /**
     * The answers of the brokers.
     *
     * @param brokers the log directories by broker id and path
     */
    public record Answer(Map<Integer, Map<String, LogDirDescription>> brokers) {

        /** The answer if no broker was asked. */
        public static final Answer NONE = new Answer(Map.of());

        /** Returns the bytes on disk of one replica of each partition: the largest one, because followers can lag behind. */
        public Map<TopicPartition, Long> sizes() {
            Map<TopicPartition, Long> sizes = new HashMap<>();
            for (Map<String, LogDirDescription> directories : brokers.values()) {
                for (LogDirDescription directory : directories.values()) {
                    directory.replicaInfos().forEach((partition, replica) -> {
                        if (!replica.isFuture()) {
                            sizes.merge(partition, replica.size(), Math::max);
                        }
                    });
                }
            }
            return sizes;
        }
    }

    private final AdminSession kafka;
    private final Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> requested;

    private LogDirs(AdminSession kafka, Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> requested) {
        this.kafka = kafka;
        this.requested = requested;
    }

    /** Requests the log directories of brokers, by id. Does not wait. */
    public static LogDirs request(AdminSession kafka, Collection<Integer> brokers) {
        return request(kafka, brokers, kafka.remaining());
    }

    /**
     * Requests the log directories of brokers. Does not wait.
     *
     * @param most how long a broker may take
     */
    public static LogDirs request(AdminSession kafka, Collection<Integer> brokers, Duration most) {
        return new LogDirs(
                kafka,
                brokers.isEmpty()
                        ? Map.of()
                        : kafka.admin()
                                .describeLogDirs(brokers, kafka.bounded(new DescribeLogDirsOptions(), most))
                                .descriptions());
    }

    /** Requests the log directories of the leaders of partitions. Does not wait. */
    public static LogDirs ofLeaders(AdminSession kafka, Collection<TopicPartitionInfo> partitions) {
        Collection<Integer> leaders = new TreeSet<>();
        for (TopicPartitionInfo partition : partitions) {
            Node leader = Topics.leader(partition);
            if (leader != null) {
                leaders.add(leader.id());
            }
        }
        return request(kafka, leaders);
    }

    /** Waits for the answers. A broker that fails is left out, with a warning. */
    public Answer await(Warnings warnings) {
        Map<Integer, Map<String, LogDirDescription>> answered = new TreeMap<>();
        requested.keySet().forEach(broker -> warnings.attempt(() -> await(broker))
                .ifPresent(paths -> answered.put(broker, paths)));
        return new Answer(answered);
    }

    /**
     * Waits for one of the brokers.
     *
     * @return the log directories by path
     * @throws MCPToolError if the broker does not answer or refuses
     */
    public Map<String, LogDirDescription> await(int broker) {
        return kafka.await(
                Objects.requireNonNull(requested.get(broker)),
                KafkaOperation.toRead(
                        "read the log directories of brokers",
                        Map.of("broker", broker),
                        Access.toCluster(AclOperation.DESCRIBE)));
    }
}
