package io.qicore.mcp.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.server.StatelessMCPServer.State;
import java.io.BufferedReader;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShutdownTest {

    private static ConfigurableApplicationContext start() {
        return SpringApplication.run(
                ShopApplication.class,
                "--server.port=0",
                "--shop.reader-password=reads",
                "--shop.operator-password=operates");
    }

    @Test
    void close_endsSubscriptionsBeforeTheWebServerWaitsForThem(CapturedOutput output) throws Exception {
        // Another test may have left its application running in this JVM.
        Set<Thread> others = Thread.getAllStackTraces().keySet();
        ConfigurableApplicationContext context = start();
        ShopServer server = context.getBean(ShopServer.class);
        MCPUser reader = new MCPUser(
                context.getEnvironment().getRequiredProperty("local.server.port", int.class), "reader", "reads");
        try (BufferedReader stream = reader.listen()) {
            Instant begin = Instant.now();
            context.close();

            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(8));
            assertThat(stream.lines()).anyMatch(line -> line.contains("\"result\""));
        }
        assertThat(server.state()).isEqualTo(State.NEW);
        assertThatThrownBy(reader::listTools).isInstanceOf(ConnectException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("mcp-servlet") && !others.contains(thread));
        assertThat(output).doesNotContain("WARN", "ERROR", "before its server was stopped");
    }

    @Test
    void applicationThatIsStoppedAndStarted_servesAgain() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            context.stop();
            assertThat(context.getBean(ShopServer.class).state()).isEqualTo(State.NEW);
            context.start();

            int port = context.getEnvironment().getRequiredProperty("local.server.port", int.class);
            assertThat(new MCPUser(port, "reader", "reads").listTools().at("/result/tools"))
                    .hasSize(1);
        }
    }
}
