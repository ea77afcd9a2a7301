package io.qicore.mcp.attack;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.auth.apikey.ApiKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Otherwise nobody would know whether the attacks are watched. */
class LogScanTest {

    private final LogScan scan = LogScan.start();
    private final String secret = scan.secret(ApiKey.random());

    @AfterEach
    void close() {
        scan.close();
    }

    @Test
    void logWithoutSecrets_isClean() {
        LoggerFactory.getLogger("io.qicore.mcp.x").trace("A line without {}.", secret.substring(0, 40));
        assertThatCode(scan::assertClean).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.qicore.mcp.x", "com.nimbusds.x", "other"})
    void secretAtAnyPlace_isFound(String logger) {
        LoggerFactory.getLogger("io.qicore.mcp.x").trace("A line.");
        for (int before = 0; before < 40; before++) {
            LogScan one = LogScan.start();
            try {
                one.secret(secret);
                LoggerFactory.getLogger("io.qicore.mcp.x").trace("A line.");
                LoggerFactory.getLogger(logger).trace("{}{}", "x".repeat(before), secret);
                assertThatThrownBy(one::assertClean).as("after " + before).hasMessageContaining(logger);
            } finally {
                one.close();
            }
        }
    }

    @Test
    void secretInAnException_isFound() {
        LoggerFactory.getLogger("io.qicore.mcp.x")
                .debug("Failed.", new IllegalStateException(new IllegalArgumentException("No " + secret + "!")));
        assertThatThrownBy(scan::assertClean).hasMessageContaining("io.qicore.mcp.x");
    }

    @Test
    void secretInALogOfTheJdk_isFound() {
        LoggerFactory.getLogger("io.qicore.mcp.x").trace("A line.");
        java.util.logging.Logger.getLogger("jdk.x").finest("Sent " + secret);
        assertThatThrownBy(scan::assertClean).hasMessageContaining("jdk.x");
    }

    @Test
    void secretOfAnHttpServer_countsFromInfo() {
        LoggerFactory.getLogger("io.qicore.mcp.x").trace("A line.");
        LoggerFactory.getLogger("org.eclipse.jetty.x").debug("Read {}", secret);
        assertThatCode(scan::assertClean).doesNotThrowAnyException();
        LoggerFactory.getLogger("org.eclipse.jetty.x").info("Read {}", secret);
        assertThatThrownBy(scan::assertClean).hasMessageContaining("org.eclipse.jetty.x");
    }
}
