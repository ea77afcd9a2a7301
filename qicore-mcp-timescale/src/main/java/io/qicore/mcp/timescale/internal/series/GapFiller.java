package io.qicore.mcp.timescale.internal.series;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds empty buckets. This is not done by {@code time_bucket_gapfill}, so that the answer is the same with the
 * Community edition and the Apache edition of TimescaleDB and with plain PostgreSQL. Immutable.
 *
 * <p>A row is {@code [bucket, series…, values…]}. Counts of an empty bucket are 0.
 */
final class GapFiller {

    /** How the values of an empty bucket are filled. */
    enum Mode {
        /** With null. */
        NULL,
        /** With the last value before, like {@code locf}. */
        LOCF,
        /** By linear interpolation between the values before and after, like {@code interpolate}. */
        INTERPOLATE
    }

    private final Mode mode;
    private final Duration interval;
    private final long firstBucket;
    private final long buckets;
    private final int keys;
    private final List<Boolean> counts;

    /**
     * Creates the filler of one range.
     *
     * @param from in the first bucket
     * @param buckets how many
     * @param keys columns between the bucket and the values
     * @param counts for each value, whether it is a count
     */
    GapFiller(Mode mode, Duration interval, Instant from, long buckets, int keys, List<Boolean> counts) {
        this.mode = mode;
        this.interval = interval;
        this.firstBucket = TimeRange.index(from, interval);
        this.buckets = buckets;
        this.keys = keys;
        this.counts = List.copyOf(counts);
    }

    /** Returns all buckets of each series, ordered by series and time. Without a series, returns those of the range. */
    List<List<JsonNode>> fill(List<List<JsonNode>> rows) {
        Map<List<JsonNode>, TreeMap<Long, List<JsonNode>>> series = new LinkedHashMap<>();
        if (keys == 0) {
            series.put(List.of(), new TreeMap<>());
        }
        for (List<JsonNode> row : rows) {
            long bucket = TimeRange.index(Instant.parse(row.get(0).asText()), interval);
            series.computeIfAbsent(row.subList(1, 1 + keys), key -> new TreeMap<>())
                    .put(bucket, new ArrayList<>(row.subList(1 + keys, row.size())));
        }
        List<List<JsonNode>> filled = new ArrayList<>();
        series.forEach((key, values) -> fill(key, values, filled));
        return filled;
    }

    private void fill(List<JsonNode> key, TreeMap<Long, List<JsonNode>> known, List<List<JsonNode>> filled) {
        for (long bucket = firstBucket; bucket < firstBucket + buckets; bucket++) {
            List<JsonNode> row = new ArrayList<>();
            row.add(TextNode.valueOf(TimeRange.start(bucket, interval).toString()));
            row.addAll(key);
            List<JsonNode> values = known.get(bucket);
            for (int i = 0; i < counts.size(); i++) {
                JsonNode value = values == null ? NullNode.getInstance() : values.get(i);
                row.add(value.isNull() ? missing(known, bucket, i) : value);
            }
            filled.add(row);
        }
    }

    private JsonNode missing(TreeMap<Long, List<JsonNode>> known, long bucket, int column) {
        if (counts.get(column)) {
            return LongNode.valueOf(0);
        }
        return switch (mode) {
            case NULL -> NullNode.getInstance();
            case LOCF ->
                neighbour(known.headMap(bucket, false).descendingMap(), column).value();
            case INTERPOLATE ->
                between(
                        neighbour(known.headMap(bucket, false).descendingMap(), column),
                        neighbour(known.tailMap(bucket, false), column),
                        bucket);
        };
    }

    private record Neighbour(long bucket, JsonNode value) {}

    private static Neighbour neighbour(Map<Long, List<JsonNode>> candidates, int column) {
        for (Map.Entry<Long, List<JsonNode>> candidate : candidates.entrySet()) {
            JsonNode value = candidate.getValue().get(column);
            if (!value.isNull()) {
                return new Neighbour(candidate.getKey(), value);
            }
        }
        return new Neighbour(0, NullNode.getInstance());
    }

    private static JsonNode between(Neighbour before, Neighbour after, long bucket) {
        if (!before.value().isNumber() || !after.value().isNumber()) {
            return NullNode.getInstance();
        }
        double start = before.value().asDouble();
        double part = (double) (bucket - before.bucket()) / (after.bucket() - before.bucket());
        return DoubleNode.valueOf(start + (after.value().asDouble() - start) * part);
    }
}
