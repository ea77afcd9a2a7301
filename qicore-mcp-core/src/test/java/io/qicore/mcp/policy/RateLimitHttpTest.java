package io.qicore.mcp.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.transport.RawHttp;
import io.qicore.mcp.transport.servlet.HttpServing;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client of {@link RateLimit} sees over HTTP. */
class RateLimitHttpTest {

    @ParameterizedTest
    @EnumSource(HttpServing.class)
    void callerAboveItsLimit_getsStatus429(HttpServing serving) throws Exception {
        TestServer server = new TestServer();
        HttpServing.Running running = serving.start(
                transport -> {
                    TestServer limited = server.with(server.settings().toBuilder()
                            .interceptor(RateLimit.perMinute(2))
                            .transport(transport));
                    limited.start();
                    return limited;
                },
                HttpAccess.defaults(),
                Duration.ofMinutes(1));
        try {
            for (int i = 0; i < 2; i++) {
                assertThat(answer(running, "POST", "/mcp")).startsWith("HTTP/1.1 200");
            }
            assertThat(answer(running, "POST", "/mcp"))
                    .startsWith("HTTP/1.1 429")
                    .containsIgnoringCase("Retry-After: 30\r\n")
                    .contains("-31000", "This caller may make 2 requests a minute. Try again in 30 s.");
            if (serving == HttpServing.BUNDLED) {
                // Otherwise whoever supervises the process would end it.
                assertThat(answer(running, "GET", "/health")).startsWith("HTTP/1.1 200");
            }
        } finally {
            running.close();
        }
    }

    private static String answer(HttpServing.Running running, String method, String path) throws Exception {
        try (RawHttp client = new RawHttp(running.uri())) {
            return client.send(
                            method,
                            path,
                            Map.of("Connection", "close"),
                            method.equals("GET") ? "" : "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}")
                    .readToEnd();
        }
    }
}
