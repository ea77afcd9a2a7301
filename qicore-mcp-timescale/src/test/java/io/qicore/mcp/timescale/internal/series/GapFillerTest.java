package io.qicore.mcp.timescale.internal.series;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GapFillerTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void emptyBuckets_areNull_andCountsZero() throws Exception {
        assertThat(fill(GapFiller.Mode.NULL, 0, "[['00', 1, 7], ['03', 4, 7]]"))
                .isEqualTo("[['00',1,7],['01',null,0],['02',null,0],['03',4,7]]");
    }

    @Test
    void locf_carriesTheLastValue_andNothingBeforeTheFirst() throws Exception {
        assertThat(fill(GapFiller.Mode.LOCF, 0, "[['01', 1, 7], ['02', null, 7]]"))
                .isEqualTo("[['00',null,0],['01',1,7],['02',1,7],['03',1,0]]");
    }

    @Test
    void interpolate_drawsALine_andLeavesEndsAndTextOpen() throws Exception {
        assertThat(fill(GapFiller.Mode.INTERPOLATE, 0, "[['00', 1, 7], ['02', 2, 7]]"))
                .isEqualTo("[['00',1,7],['01',1.5,0],['02',2,7],['03',null,0]]");
        assertThat(fill(GapFiller.Mode.INTERPOLATE, 0, "[['00', 'a', 7], ['02', 'b', 7]]"))
                .isEqualTo("[['00','a',7],['01',null,0],['02','b',7],['03',null,0]]");
    }

    @Test
    void series_areFilledEachForItself() throws Exception {
        assertThat(fill(GapFiller.Mode.LOCF, 1, "[['00', 'x', 1, 7], ['01', 'y', 5, 7]]"))
                .isEqualTo("[['00','x',1,7],['01','x',1,0],['02','x',1,0],['03','x',1,0],"
                        + "['00','y',null,0],['01','y',5,7],['02','y',5,0],['03','y',5,0]]");
    }

    @Test
    void nothing_isFilledForOneSeries_andNotForUnknownOnes() throws Exception {
        assertThat(fill(GapFiller.Mode.NULL, 0, "[]"))
                .isEqualTo("[['00',null,0],['01',null,0],['02',null,0],['03',null,0]]");
        assertThat(fill(GapFiller.Mode.NULL, 1, "[]")).isEqualTo("[]");
    }

    /** Four hourly buckets; a time is written as its hour. */
    private static String fill(GapFiller.Mode mode, int keys, String rows) throws Exception {
        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        List<List<JsonNode>> input = new ArrayList<>();
        for (JsonNode row :
                JSON.readTree(rows.replace('\'', '"').replaceAll("\"(\\d\\d)\"", "\"2026-01-01T$1:00:00Z\""))) {
            List<JsonNode> cells = new ArrayList<>();
            row.forEach(cells::add);
            input.add(cells);
        }
        GapFiller filler = new GapFiller(mode, Duration.ofHours(1), from, 4, keys, List.of(false, true));
        return JSON.writeValueAsString(filler.fill(input))
                .replaceAll("2026-01-01T(\\d\\d):00:00Z", "$1")
                .replace('"', '\'');
    }
}
