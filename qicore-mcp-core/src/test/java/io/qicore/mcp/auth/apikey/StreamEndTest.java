package io.qicore.mcp.auth.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.transport.RawHttp;
import io.qicore.mcp.transport.servlet.HttpServing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Streams end with the credentials that opened them, on every HTTP server, also if keep-alive messages are rare.
 */
@ParameterizedClass
@EnumSource(HttpServing.class)
class StreamEndTest {

    private static final String KEY = ApiKey.random();
    private static final String OTHER = ApiKey.random();

    @Parameter
    HttpServing serving;

    @TempDir
    private Path folder;

    private Path file;
    private HttpServing.Running running;

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    private void start(HttpAuthenticator authenticator) throws Exception {
        TestServer server = new TestServer();
        running = serving.start(
                server::started,
                HttpAccess.builder().authenticator(authenticator).build(),
                Duration.ofHours(1));
    }

    private void startWithKeys() throws Exception {
        file = folder.resolve("keys.json");
        write("read", "");
        start(ApiKeys.fromFile(file, Duration.ofMillis(100)));
    }

    private void write(String right, String expiry) throws IOException {
        Files.writeString(
                file,
                "{\"keys\": [{\"name\": \"one\", \"key\": \"%s\", \"rights\": [\"%s\"]%s}, {\"name\": \"two\", \"key\": \"%s\", \"rights\": [\"read\"]}]}"
                        .formatted(KEY, right, expiry, OTHER));
    }

    private RawHttp listen(String key) throws Exception {
        ObjectNode params = Json.object();
        params.putObject("notifications").put("toolsListChanged", true);
        RawHttp client = new RawHttp(running.uri()).modern("subscriptions/listen", params, Map.of("X-API-Key", key));
        assertThat(client.readUntil("\n\n")).contains("acknowledged");
        return client;
    }

    private RawHttp openSse(String key) throws Exception {
        RawHttp client = new RawHttp(running.uri()).send("GET", "/sse", Map.of("X-API-Key", key), "");
        client.readUntil("\n\n");
        return client;
    }

    /** Runs the change while streams of both keys are open; those of the first must end. */
    private void endsBy(TestAction change) throws Exception {
        try (RawHttp one = listen(KEY);
                RawHttp two = listen(OTHER);
                RawHttp sse = serving == HttpServing.BUNDLED ? openSse(KEY) : listen(OTHER)) {
            change.run();
            assertThat(one.readUntil("\r\n0\r\n\r\n")).contains("\"result\"", "subscriptionId");
            if (serving == HttpServing.BUNDLED) {
                sse.readUntil("\r\n0\r\n\r\n");
            }
            running.server().engine().replaceTools(TestServer.tools(new io.qicore.mcp.Gate()));
            assertThat(two.readUntil("list_changed")).doesNotContain("\"result\"");
        }
    }

    private interface TestAction {
        void run() throws Exception;
    }

    @Test
    void keyThatIsRemoved_endsItsStreams() throws Exception {
        startWithKeys();
        endsBy(() -> Files.writeString(
                file, "{\"keys\": [{\"name\": \"two\", \"key\": \"" + OTHER + "\", \"rights\": [\"read\"]}]}"));
    }

    @Test
    void keyThatLosesRights_endsItsStreams() throws Exception {
        startWithKeys();
        endsBy(() -> write("none", ""));
    }

    @Test
    void keyThatExpires_endsItsStreams() throws Exception {
        startWithKeys();
        Instant soon = Instant.now().plusSeconds(2);
        write("read", ", \"expires\": \"" + soon + "\"");
        Thread.sleep(200);
        endsBy(() -> {});
        assertThat(Instant.now()).isAfterOrEqualTo(soon);
    }

    @Test
    void callerWhoseCredentialsExpire_losesItsStreams() throws Exception {
        Instant soon = Instant.now().plusSeconds(2);
        start(HttpAuthenticator.of(request -> {
            String key = request.headers("X-API-Key").get(0);
            Caller caller = Caller.of(key);
            return key.equals(KEY) ? caller.withExpiry(soon) : caller;
        }));
        endsBy(() -> {});
        assertThat(Instant.now()).isAfterOrEqualTo(soon);
    }

    @Test
    void authenticatorThatFails_endsStreams() throws Exception {
        java.util.concurrent.atomic.AtomicBoolean failing = new java.util.concurrent.atomic.AtomicBoolean();
        start(new HttpAuthenticator() {
            @Override
            public java.util.concurrent.CompletionStage<Caller> authenticate(io.qicore.mcp.auth.RequestHead request) {
                return java.util.concurrent.CompletableFuture.completedFuture(
                        Caller.of(request.headers("X-API-Key").get(0)));
            }

            @Override
            public boolean stillAccepts(Caller caller) {
                if (failing.get() && KEY.equals(caller.subject())) {
                    throw new IllegalStateException("The directory is down.");
                }
                return true;
            }
        });
        endsBy(() -> failing.set(true));
    }
}
