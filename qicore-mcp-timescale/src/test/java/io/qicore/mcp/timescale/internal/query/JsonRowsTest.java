package io.qicore.mcp.timescale.internal.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonRowsTest {

    private final JsonRows rows = new JsonRows(List.of(ResultColumn.ofIntegers("n"), ResultColumn.ofText("t")));

    @Test
    void rows_areMembersOfAnObject() {
        assertThat(object()).isEqualTo("{\"a\":1,\"rows\":[],\"b\":2}");
        rows.add(new String[] {"1", "ä\n😀"});
        rows.add(new String[] {null, null});
        assertThat(object()).isEqualTo("{\"a\":1,\"rows\":[[1,\"ä\\n😀\"],[null,null]],\"b\":2}");
        rows.keep(1);
        assertThat(object()).isEqualTo("{\"a\":1,\"rows\":[[1,\"ä\\n😀\"]],\"b\":2}");
    }

    @Test
    void rowsBeyondTheLimitOfBytes_areLeftOut_countedAsWritten() {
        // Each character is written with 6 bytes.
        String[] row = {"1", "\u0001".repeat(10_000)};
        while (rows.add(row)) {}
        assertThat(rows.count()).isEqualTo(JsonRows.MAX_RESULT_BYTES / 60_006);
        assertThat(object().getBytes(StandardCharsets.UTF_8).length).isLessThan(JsonRows.MAX_RESULT_BYTES + 100);
    }

    @Test
    void rowAfterTheEnd_isAnErrorOfTheProgram_andARequiredRowIsRefused() {
        String[] row = {"1", "x".repeat(30_000)};
        for (int i = 0; i < 8; i++) {
            rows.require(row);
        }
        assertThatThrownBy(() -> rows.require(row)).hasMessageContaining("more than 262144 bytes");
        assertThatThrownBy(() -> rows.add(row)).isInstanceOf(IllegalStateException.class);
        assertThat(object()).endsWith("x\"]],\"b\":2}");
    }

    @Test
    void firstRowBeyondTheLimit_isRefused() {
        JsonRows wide = new JsonRows(List.of(ResultColumn.ofText("a"), ResultColumn.ofText("b")));
        String long_ = "\u0001".repeat(30_000);
        assertThatThrownBy(() -> wide.add(new String[] {long_, long_})).hasMessageContaining("first row");
        assertThatThrownBy(() -> wide.add(new String[] {"x".repeat(32_769), null}))
                .hasMessageContaining("'a' in row 1");
    }

    private String object() {
        return rows.object(out -> out.writeNumberField("a", 1), out -> out.writeNumberField("b", 2));
    }
}
