package io.qicore.mcp.timescale.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.tool.MCPToolError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateCallTest {

    @Test
    void functionAndColumn_areRead() {
        assertThat(AggregateCall.parse("avg(price)")).isEqualTo(new AggregateCall("avg", "price", "avg_price"));
        assertThat(AggregateCall.parse(" LAST ( Odd Name ) AS Close "))
                .isEqualTo(new AggregateCall("last", "Odd Name", "close"));
        assertThat(AggregateCall.parse("count(*)")).isEqualTo(new AggregateCall("count", "*", "count"));
        assertThat(AggregateCall.parse("count(*)").isStar()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "price",
                "sum(*)",
                "pg_sleep(1)",
                "avg(a) as b; DROP TABLE t",
                "avg(a)) FROM t --",
                "avg((a))",
                "median(a)",
                "avg(a) as \"x\"",
                "",
                "avg()"
            })
    void everythingElse_isRefused(String text) {
        assertThatThrownBy(() -> AggregateCall.parse(text))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("stddev");
    }
}
