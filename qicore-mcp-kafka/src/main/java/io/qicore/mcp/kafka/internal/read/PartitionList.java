package io.qicore.mcp.kafka.internal.read;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** Writes partitions as ranges, such as {@code 0-3,7}, because a list of numbers costs an agent many tokens. */
public final class PartitionList {

    private PartitionList() {}

    /** Returns the ranges of partitions by topic. */
    public static Map<String, String> byTopic(Collection<TopicPartition> partitions) {
        Map<String, TreeSet<Integer>> numbers = new TreeMap<>();
        partitions.forEach(id ->
                numbers.computeIfAbsent(id.topic(), topic -> new TreeSet<>()).add(id.partition()));
        Map<String, String> texts = new TreeMap<>();
        numbers.forEach((topic, sorted) -> texts.put(topic, of(sorted)));
        return texts;
    }

    /** Returns the ranges of the partitions of one topic. */
    public static String of(Collection<Integer> partitions) {
        TreeSet<Integer> numbers = new TreeSet<>(partitions);
        List<String> ranges = new ArrayList<>();
        int from = numbers.first();
        int to = from;
        for (int number : numbers.tailSet(from, false)) {
            if (number != to + 1) {
                ranges.add(range(from, to));
                from = number;
            }
            to = number;
        }
        ranges.add(range(from, to));
        return String.join(",", ranges);
    }

    private static String range(int from, int to) {
        return from == to ? String.valueOf(from) : from + "-" + to;
    }
}
