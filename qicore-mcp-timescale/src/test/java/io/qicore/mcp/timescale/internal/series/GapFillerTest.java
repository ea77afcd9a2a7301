package io.qicore.mcp.timescale.internal.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.timescale.internal.query.ResultColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GapFillerTest {

    private static final ResultColumn NUMBER = ResultColumn.ofIntegers("n");

    @Test
    void emptyBuckets_areNull_andCountsZero() {
        assertThat(fill(GapFiller.Mode.NULL, "1 7", "-", "-", "4 7")).containsExactly("1 7", "null 0", "null 0", "4 7");
    }

    @Test
    void locf_carriesTheLastValue_andNothingBeforeTheFirst() {
        assertThat(fill(GapFiller.Mode.LOCF, "-", "1 7", "null 7", "-")).containsExactly("null 0", "1 7", "1 7", "1 0");
    }

    @Test
    void interpolate_drawsALine_andLeavesEndsOpen() {
        assertThat(fill(GapFiller.Mode.INTERPOLATE, "-", "1 7", "-", "null 2", "-", "2 7", "-"))
                .containsExactly("null 0", "1 7", "1.250000 0", "1.500000 2", "1.750000 0", "2 7", "null 0");
    }

    @Test
    void interpolate_keepsTheDigitsOfDecimals() {
        assertThat(fill(GapFiller.Mode.INTERPOLATE, "100.0000000000000000 1", "-", "-", "100.0000000000000010 1"))
                .containsExactly(
                        "100.0000000000000000 1",
                        "100.0000000000000003 0",
                        "100.0000000000000007 0",
                        "100.0000000000000010 1");
        assertThat(fill(GapFiller.Mode.INTERPOLATE, "99999999999999999999 1", "-", "100000000000000000001 1"))
                .contains("100000000000000000000.000000 0");
    }

    @Test
    void interpolateBetweenNumbersThatAreNotFinite_isNotSilentlyNull() {
        assertThat(fill(GapFiller.Mode.INTERPOLATE, "1 1", "-", "NaN 1")).contains("NaN 0");
        assertThat(fill(GapFiller.Mode.INTERPOLATE, "1 1", "-", "Infinity 1")).contains("Infinity 0");
    }

    @Test
    void interpolateOfText_isRefused() {
        List<ResultColumn> columns = List.of(ResultColumn.ofText("note"));
        assertThatThrownBy(() ->
                        new GapFiller(GapFiller.Mode.INTERPOLATE, new IntegerBuckets(1, 0, 1), columns, List.of(false)))
                .hasMessageContaining("'note' is of type text")
                .hasMessageContaining("locf");
    }

    /** Each bucket is a value and a count, or "-" if it is empty. */
    private static List<String> fill(GapFiller.Mode mode, String... buckets) {
        List<String[]> known = new ArrayList<>();
        for (String bucket : buckets) {
            String[] values = bucket.split(" ");
            known.add(
                    bucket.equals("-")
                            ? null
                            : Arrays.stream(values)
                                    .map(value -> value.equals("null") ? null : value)
                                    .toArray(String[]::new));
        }
        GapFiller filler = new GapFiller(
                mode, new IntegerBuckets(10, 0, buckets.length), List.of(NUMBER, NUMBER), List.of(false, true));
        return filler.fill(known).stream()
                .map(values -> String.join(" ", String.valueOf(values[0]), String.valueOf(values[1])))
                .toList();
    }
}
