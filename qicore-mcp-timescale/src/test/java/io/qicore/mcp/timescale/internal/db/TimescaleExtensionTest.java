package io.qicore.mcp.timescale.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(new TimescaleExtension(version, "public").isAtLeast(2, 13)).isEqualTo(expected);
    }
}
