package io.qicore.mcp.kafka.internal.records;

import io.qicore.mcp.kafka.internal.content.RecordView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The records that were found, and the selection of those that an answer has. A selection takes the records of each partition
 * without gaps, so that the next page can go on from one offset of each. Used by one thread.
 *
 * <p>Records of several partitions are merged by their timestamps, as far as that is possible without gaps: a record comes after
 * all records of its partition that are nearer to the start of the reading.
 */
final class Hits {

    /** Results of up to this size fit the limits of most clients. One record is returned in any case. */
    static final int MAX_ANSWER_BYTES = 256 * 1024;

    /** A record that was found. */
    record Hit(int partition, long offset, long timestamp, RecordView.Row row, int bytes) {}

    /** A record with its place in the merge. */
    private record Placed(Hit hit, long place) {}

    /**
     * What an answer has.
     *
     * @param rows the records
     * @param untaken by partition, the offset of the first record that was found and is not in the answer
     * @param full whether it was the size of the answer that kept records out
     */
    record Selection(List<RecordView.Row> rows, Map<Integer, Long> untaken, boolean full) {}

    private static final int MAX_WAITING_BYTES = 8 * 1024 * 1024;

    private final boolean backward;
    private final boolean perPartition;
    private final int limit;
    private final Map<Integer, List<Hit>> byPartition = new TreeMap<>();
    private final Map<Integer, Long> dropped = new HashMap<>();
    private int count;
    private long bytes;

    Hits(boolean backward, boolean perPartition, int limit) {
        this.backward = backward;
        this.perPartition = perPartition;
        this.limit = limit;
    }

    /** Adds a record of a partition, in the direction of the reading. */
    void add(Hit hit) {
        if (isClosed(hit.partition())) {
            return;
        }
        byPartition
                .computeIfAbsent(hit.partition(), unused -> new ArrayList<>())
                .add(hit);
        count++;
        bytes += hit.bytes();
        if (!perPartition && (count > 4 * limit || bytes > MAX_WAITING_BYTES)) {
            drop();
        }
    }

    /** Drops what cannot be in the answer any more: what is added later only moves it further back. */
    private void drop() {
        Selection selection = select();
        selection.untaken().forEach((partition, offset) -> {
            dropped.put(partition, offset);
            List<Hit> hits = byPartition.getOrDefault(partition, List.of());
            int first = 0;
            while (first < hits.size() && hits.get(first).offset() != offset) {
                first++;
            }
            List<Hit> rest = hits.subList(first, hits.size());
            count -= rest.size();
            bytes -= rest.stream().mapToLong(Hit::bytes).sum();
            rest.clear();
        });
    }

    /** Returns whether no more records of a partition can be in the answer. */
    boolean isClosed(int partition) {
        return dropped.containsKey(partition);
    }

    /** Returns the number of records of all partitions. */
    int count() {
        return count;
    }

    /** Returns the number of records of a partition. */
    int count(int partition) {
        return byPartition.getOrDefault(partition, List.of()).size();
    }

    /**
     * Returns whether older records of a partition can be among the newest of the topic, which depends on the timestamps of
     * those that were found.
     */
    boolean needsOlder(int partition) {
        List<Hit> found = byPartition.getOrDefault(partition, List.of());
        if (found.size() >= limit || isClosed(partition)) {
            return false;
        }
        if (perPartition || count < limit || found.isEmpty()) {
            return true;
        }
        long oldest = found.stream().mapToLong(Hit::timestamp).min().orElseThrow();
        return oldest >= placed().get(limit - 1).place();
    }

    /** Returns what an answer has of these records. */
    Selection select() {
        List<RecordView.Row> rows = new ArrayList<>();
        Map<Integer, Long> untaken = new HashMap<>(dropped);
        Map<Integer, Integer> taken = new HashMap<>();
        long size = 0;
        boolean full = false;
        for (Placed each : placed()) {
            Hit hit = each.hit();
            int ofPartition = taken.getOrDefault(hit.partition(), 0);
            boolean wanted = perPartition ? ofPartition < limit : rows.size() < limit;
            full |= wanted && !rows.isEmpty() && size + hit.bytes() > MAX_ANSWER_BYTES;
            if (wanted && !full) {
                rows.add(hit.row());
                size += hit.bytes();
                taken.put(hit.partition(), ofPartition + 1);
            } else {
                leftOut(untaken, hit);
            }
        }
        return new Selection(rows, untaken, full);
    }

    /** Notes the first record of each partition that is left out, in the direction of the reading. */
    private void leftOut(Map<Integer, Long> untaken, Hit hit) {
        Long known = untaken.get(hit.partition());
        if (known == null || (backward ? known < hit.offset() : known > hit.offset())) {
            untaken.put(hit.partition(), hit.offset());
        }
    }

    private List<Placed> placed() {
        List<Placed> placed = new ArrayList<>();
        byPartition.values().forEach(hits -> {
            long place = backward ? Long.MAX_VALUE : Long.MIN_VALUE;
            for (Hit hit : hits) {
                place = backward ? Math.min(place, hit.timestamp()) : Math.max(place, hit.timestamp());
                placed.add(new Placed(hit, place));
            }
        });
        if (!perPartition) {
            Comparator<Placed> byPlace = Comparator.comparingLong(Placed::place);
            // Stable, so records of a partition that have the same place keep their order.
            placed.sort(backward ? byPlace.reversed() : byPlace);
        }
        return placed;
    }
}
