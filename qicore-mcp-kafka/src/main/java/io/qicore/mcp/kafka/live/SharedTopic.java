package io.qicore.mcp.kafka.live;

import io.qicore.mcp.kafka.internal.read.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** A topic that calls listen to, and where its partitions are read. Not thread-safe: the reader guards it with its lock. */
final class SharedTopic {

    private final String name;
    private final List<Listener> listeners = new ArrayList<>();
    /** The offset from which each partition has been read without a gap. */
    private final Map<Integer, Long> readFrom = new HashMap<>();

    private final Map<Integer, Long> seeks = new HashMap<>();
    private @Nullable Uuid id;
    private @Nullable Uuid changedId;
    /** The number of partitions that a call has seen; later ones were added. */
    private int partitions;

    private boolean gone;

    SharedTopic(String name) {
        this.name = name;
    }

    List<Listener> listeners() {
        return listeners;
    }

    /**
     * Has partitions read from where a call begins.
     *
     * @return whether the reader must move
     */
    boolean begin(Uuid topicId, Starts starts) {
        if (id == null) {
            id = topicId;
        } else {
            observe(topicId);
        }
        partitions = Math.max(partitions, starts.partitions());
        boolean moves = false;
        for (Map.Entry<Integer, Long> start : starts.ends().entrySet()) {
            Long from = readFrom.get(start.getKey());
            // A call that joined before it asked for the ends misses nothing of a partition that is read from an
            // earlier offset.
            if (from == null || from > start.getValue()) {
                place(start.getKey(), start.getValue());
                moves = true;
            }
        }
        return moves;
    }

    /**
     * Takes in what a broker says about the topic now. A new id is believed when two answers in a row have it: a broker that
     * lags behind still reports the old one.
     */
    void described(TopicDescription description) {
        gone = false;
        if (id == null) {
            return;
        }
        observe(description.topicId());
        if (id.equals(description.topicId())) {
            readFrom.keySet()
                    .removeIf(partition -> partition >= description.partitions().size());
            description.partitions().stream()
                    .filter(partition -> partition.partition() >= partitions && Topics.leader(partition) != null)
                    .map(TopicPartitionInfo::partition)
                    .filter(partition -> !readFrom.containsKey(partition))
                    // All records of a partition that was added are new.
                    .forEach(partition -> place(partition, 0));
        }
    }

    /** Takes in that a broker does not know the topic. Returns whether two in a row said so. */
    boolean unknown() {
        boolean again = gone;
        gone = true;
        return again;
    }

    private void observe(Uuid seen) {
        if (seen.equals(id)) {
            changedId = null;
        } else if (!seen.equals(changedId)) {
            changedId = seen;
        } else {
            id = seen;
            changedId = null;
            listeners.forEach(listener -> listener.recreated(seen));
            readFrom.keySet().forEach(partition -> seeks.put(partition, 0L));
            readFrom.replaceAll((partition, from) -> 0L);
        }
    }

    private void place(int partition, long offset) {
        readFrom.put(partition, offset);
        seeks.put(partition, offset);
    }

    /** Returns the partitions to read. */
    List<TopicPartition> partitions() {
        return readFrom.keySet().stream()
                .map(partition -> new TopicPartition(name, partition))
                .toList();
    }

    /** Returns where the reader must move, once. */
    Map<TopicPartition, Long> takeSeeks() {
        Map<TopicPartition, Long> taken = new HashMap<>();
        seeks.forEach((partition, offset) -> taken.put(new TopicPartition(name, partition), offset));
        seeks.clear();
        return taken;
    }
}
