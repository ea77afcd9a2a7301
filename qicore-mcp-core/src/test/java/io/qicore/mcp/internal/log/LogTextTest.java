package io.qicore.mcp.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class LogTextTest {

    private static final String FORGED = "x\n12:00:00 INFO all is well\r\u2028\u001b[2J\u202e";

    @Test
    void lineBreaksAndControlCharacters_areEscaped() {
        assertThat(LogText.of(FORGED)).isEqualTo("x\\n12:00:00 INFO all is well\\r\\u2028\\u001b[2J\\u202e");
        assertThat(LogText.of("Größe in € 🙂")).isEqualTo("Größe in € 🙂");
        assertThat(LogText.of((String) null)).isEqualTo("null");
        assertThat(LogText.of("y".repeat(10_000))).hasSizeLessThan(600);
    }

    @Test
    void exceptionWithoutSuchText_isTheSame() {
        Exception plain = new IllegalStateException("plain", new RuntimeException("cause"));
        assertThat(LogText.of(plain)).isSameAs(plain);
    }

    @Test
    void exceptionWithSuchText_isLoggedWithItsTypesAndStackTraces() {
        Exception cause = new IllegalArgumentException(FORGED);
        cause.addSuppressed(new RuntimeException(FORGED));
        Exception failure = new IllegalStateException("outer", cause);
        StringWriter text = new StringWriter();

        LogText.of(failure).printStackTrace(new PrintWriter(text));

        assertThat(text.toString().lines())
                .noneMatch(line -> line.startsWith("12:00:00"))
                .anyMatch(line -> line.startsWith("Caused by: java.lang.IllegalArgumentException: x\\n12"))
                .anyMatch(line -> line.contains("Suppressed: java.lang.RuntimeException: x\\n12"))
                .anyMatch(line -> line.contains("LogTextTest.exceptionWithSuchText"));
        assertThat(text.toString()).startsWith("java.lang.IllegalStateException: outer");
    }

    @Test
    void exceptionThatCausesItself_ends() {
        Exception one = new RuntimeException(FORGED);
        one.addSuppressed(new RuntimeException("other", one));
        assertThat(LogText.of(one)).hasMessageContaining("x\\n12");
    }
}
