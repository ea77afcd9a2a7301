package io.qicore.mcp.timescale.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimescaleExtensionTest {

    @ParameterizedTest
    @CsvSource({
        "2.13.0, true",
        "2.29.2, true",
        "2.23.0-dev, true",
        "3.0.0, true",
        "2.12.1, false",
        "1.99, false",
        "odd, false"
    })
    void versions_areComparedByNumber(String version, boolean expected) {
        assertThat(new TimescaleExtension(version, "public", "timescale").isAtLeast(2, 13))
                .isEqualTo(expected);
    }

    @Test
    void patches_countToo() {
        TimescaleExtension extension = new TimescaleExtension("2.25.1", "public", "timescale");
        assertThat(extension.isAtLeast(2, 25, 1)).isTrue();
        assertThat(extension.isAtLeast(2, 25, 2)).isFalse();
        assertThat(extension.isAtLeast(2, 24, 9)).isTrue();
    }

    @Test
    void apacheLicence_isNamedBeforeAnythingRuns() {
        TimescaleExtension apache = new TimescaleExtension("2.29.2", "public", "apache");
        assertThatThrownBy(() -> apache.require(TimescaleFeature.POLICIES))
                .isInstanceOfSatisfying(MCPToolError.class, e -> {
                    assertThat(e.is(TimescaleErrorCode.TIMESCALE_LICENSE)).isTrue();
                    assertThat(e).hasMessageContaining("timescaledb.license = 'timescale'");
                });
        assertThatCode(() -> apache.require(TimescaleFeature.HYPERTABLES)).doesNotThrowAnyException();
    }

    @Test
    void oldVersion_isNamedBeforeAnythingRuns() {
        TimescaleExtension old = new TimescaleExtension("2.6.1", "public", "timescale");
        assertThatThrownBy(() -> old.require(TimescaleFeature.CONTINUOUS_AGGREGATES))
                .isInstanceOfSatisfying(MCPToolError.class, e -> {
                    assertThat(e.is(TimescaleErrorCode.TIMESCALE_TOO_OLD)).isTrue();
                    assertThat(e)
                            .hasMessageContaining("needs TimescaleDB 2.7 or later")
                            .hasMessageContaining("2.6.1");
                });
    }

    @Test
    void settingsOfTheColumnstore_areReadFromTheViewOfTheVersion() {
        assertThat(HypertableFacts.columnstoreSql(new TimescaleExtension("2.17.2", "public", "timescale")))
                .contains("timescaledb_information.compression_settings");
        assertThat(HypertableFacts.columnstoreSql(new TimescaleExtension("2.18.0", "public", "timescale")))
                .contains("timescaledb_information.hypertable_columnstore_settings");
    }
}
