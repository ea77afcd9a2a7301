package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.internal.query.JsonRows;
import io.qicore.mcp.timescale.internal.query.QueryRunner;
import io.qicore.mcp.timescale.internal.query.ResultColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code get_time_buckets}, made from what the server has found: the number of the bucket; the number and name
 * of the series, if there are series; and the values.
 */
final class BucketRows {

    private final Buckets buckets;
    private final boolean grouped;
    private final List<@Nullable String[]> found;
    private final List<ResultColumn> columns = new ArrayList<>();
    private final List<ResultColumn> values;
    private final int firstValue;

    BucketRows(Buckets buckets, boolean grouped, boolean integers, QueryRunner.Texts found) {
        this.buckets = buckets;
        this.grouped = grouped;
        this.found = found.rows();
        this.firstValue = grouped ? 3 : 1;
        this.values = found.columns().subList(firstValue, found.columns().size());
        String name = found.columns().get(0).name();
        columns.add(integers ? ResultColumn.ofIntegers(name) : ResultColumn.ofText(name));
        if (grouped) {
            columns.add(found.columns().get(2));
        }
        columns.addAll(values);
    }

    /** Returns the columns of the result. */
    List<ResultColumn> columns() {
        return columns;
    }

    /** Returns the columns of the aggregates. */
    List<ResultColumn> valueColumns() {
        return values;
    }

    /** Returns the rows of the buckets that are not empty. */
    JsonRows asFound() {
        JsonRows json = new JsonRows(columns);
        for (@Nullable String[] row : found) {
            add(json, buckets.start(code(row)), grouped ? row[2] : null, values(row));
        }
        return json;
    }

    /**
     * Returns the rows of all buckets of each series. Without series, returns those of the range.
     *
     * @param most how many rows the result may have
     * @param tooMany is called with the number of series if the result would have more
     */
    JsonRows filled(GapFiller filler, int most, IntConsumer tooMany) {
        Map<String, List<@Nullable String[]>> series = new LinkedHashMap<>();
        if (!grouped) {
            series.put("", found);
        } else {
            for (@Nullable String[] row : found) {
                series.computeIfAbsent(String.valueOf(row[1]), rank -> new ArrayList<>())
                        .add(row);
            }
        }
        if ((long) series.size() * buckets.count() > most) {
            tooMany.accept(series.size());
        }
        JsonRows json = new JsonRows(columns);
        for (List<@Nullable String[]> rows : series.values()) {
            String name = grouped ? rows.get(0)[2] : null;
            List<@Nullable String @Nullable []> known = new ArrayList<>();
            for (int i = 0; i < buckets.count(); i++) {
                known.add(null);
            }
            for (@Nullable String[] row : rows) {
                known.set(buckets.index(code(row)), values(row));
            }
            List<@Nullable String[]> filled = filler.fill(known);
            for (int i = 0; i < filled.size(); i++) {
                add(json, buckets.start(buckets.codeAt(i)), name, filled.get(i));
            }
        }
        return json;
    }

    private static long code(@Nullable String[] row) {
        return Long.parseLong(String.valueOf(row[0]));
    }

    private @Nullable String[] values(@Nullable String[] row) {
        return Arrays.copyOfRange(row, firstValue, row.length);
    }

    private void add(JsonRows json, String start, @Nullable String series, @Nullable String[] values) {
        @Nullable String[] row = new String[columns.size()];
        row[0] = start;
        if (grouped) {
            row[1] = series;
        }
        System.arraycopy(values, 0, row, grouped ? 2 : 1, values.length);
        json.require(row);
    }
}
