package io.qicore.mcp.kafka.producer.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that refuse, fail, hang, are down, or are something else than workers. */
@Timeout(30)
class ConnectClientTest {

    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> credentials = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }

    private record Reply(int status, String body, long delayMs) {}

    @FunctionalInterface
    private interface Script {
        Reply reply(int request, String path);
    }

    private String worker(Script script) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger requests = new AtomicInteger();
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                credentials.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                Reply reply = script.reply(
                        requests.getAndIncrement(), exchange.getRequestURI().toString());
                Thread.sleep(reply.delayMs());
                byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders()
                        .add("Location", servers.size() > 1 ? url(servers.get(1)) + "/connectors" : "/elsewhere");
                exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.setExecutor(threads);
        server.start();
        servers.add(server);
        return url(server);
    }

    private static String url(HttpServer server) {
        return "http://localhost:" + server.getAddress().getPort();
    }

    private static Reply error(int status, String message) {
        return new Reply(status, "{\"error_code\":" + status + ",\"message\":\"" + message + "\"}", 0);
    }

    private static ConnectClient client(String... urls) {
        return new ConnectClient(
                ConnectConnection.to(urls).basic("mcp", "s3cret").timeout(Duration.ofSeconds(2)));
    }

    private static ConnectClient.Answer get(ConnectClient client) throws InterruptedException {
        return client.send("GET", "/connectors", null, Deadline.in(Duration.ofSeconds(4)));
    }

    private static MCPToolError failure(ConnectClient client) {
        MCPToolError error = catchThrowableOfType(MCPToolError.class, () -> get(client));
        assertThat(error.getMessage()).doesNotContain("s3cret");
        return error;
    }

    @Test
    void credentials_areSentAtOnce() throws Exception {
        assertThat(get(client(worker((request, path) -> new Reply(200, "{}", 0))))
                        .isOk())
                .isTrue();
        assertThat(credentials).containsExactly("Basic bWNwOnMzY3JldA==");
    }

    @ParameterizedTest
    @CsvSource({
        "409,Cannot complete request momentarily due to stale configuration",
        "500,Request cannot be completed because a rebalance is expected",
        "500,IO Error trying to forward REST request: Connection refused",
        "503,The worker is still starting up"
    })
    void rebalance_isWaitedFor(int status, String message) throws Exception {
        String url = worker((request, path) -> request < 3 ? error(status, message) : new Reply(200, "{}", 0));
        assertThat(client(url)
                        .send("GET", "/connectors", null, Deadline.in(Duration.ofSeconds(30)))
                        .isOk())
                .isTrue();
        assertThat(credentials).hasSize(4);
    }

    @Test
    void rebalanceThatLasts_isNamedWhenTheTimeIsOver() throws Exception {
        MCPToolError error = failure(client(worker((request, path) -> error(409, "stale configuration"))));
        assertThat(error.is(KafkaErrorCode.CONNECT_UNAVAILABLE)).isTrue();
        assertThat(error.retryable()).isTrue();
        assertThat(error.getMessage()).contains("rebalancing", "stale configuration");
    }

    @Test
    void nameThatIsTaken_isNotARebalance() throws Exception {
        ConnectClient client = client(worker((request, path) -> error(409, "Connector a already exists")));
        assertThat(get(client).isTaken()).isTrue();
        assertThat(credentials).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirect_isNotFollowed_soNoCredentialsGoElsewhere(int status) throws Exception {
        String url = worker((request, path) -> new Reply(status, "", 0));
        worker((request, path) -> new Reply(200, "{}", 0));
        MCPToolError error = failure(client(url));
        assertThat(error.is(KafkaErrorCode.CONNECT_ERROR)).isTrue();
        assertThat(error.getMessage()).contains("redirect", url);
        assertThat(credentials).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "200,<html>Welcome</html>",
        "200,{\"unfinished\":",
        "200,42",
        "404,<html>Not Found</html>",
        "500,<html>Internal Server Error</html>",
        "502,Bad Gateway"
    })
    void otherServer_isNotTakenForAWorker(int status, String body) throws Exception {
        MCPToolError error = failure(client(worker((request, path) -> new Reply(status, body, 0))));
        assertThat(error.getMessage()).contains("Check its address").doesNotContain("html");
        assertThat(error.retryable()).isEqualTo(status >= 500);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void refusedCredentials_areTheOperatorsMatter(int status) throws Exception {
        MCPToolError error = failure(client(worker((request, path) -> new Reply(status, "User cannot access", 0))));
        assertThat(error.is(StandardErrorCode.NOT_AUTHORIZED)).isTrue();
    }

    @Test
    void failureOfAWorker_isItsMessage() throws Exception {
        MCPToolError error = failure(client(worker((request, path) -> error(500, "Request timed out"))));
        assertThat(error.is(KafkaErrorCode.CONNECT_ERROR)).isTrue();
        assertThat(error.getMessage()).contains("500", "Request timed out");
    }

    @Test
    void workerThatHangs_isGivenUp() throws Exception {
        long start = System.nanoTime();
        MCPToolError error = failure(client(worker((request, path) -> new Reply(200, "{}", 20_000))));
        assertThat(error.is(KafkaErrorCode.CONNECT_UNAVAILABLE)).isTrue();
        assertThat(error.getMessage()).contains("did not answer in");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void nextWorkerIsAsked_andKept() throws Exception {
        String down = "http://localhost:1";
        String broken = worker((request, path) -> new Reply(500, "<html>", 0));
        String hanging = worker((request, path) -> new Reply(200, "{}", 20_000));
        String good = worker((request, path) -> new Reply(200, "{}", 0));
        ConnectClient client = client(down, broken, hanging, good);
        assertThat(get(client).isOk()).isTrue();
        credentials.clear();
        assertThat(get(client).isOk()).isTrue();
        assertThat(credentials).hasSize(1);
    }

    @Test
    void noWorker_isNamed_atOnce() {
        MCPToolError error = failure(client("http://localhost:1", "http://localhost:2"));
        assertThat(error.is(KafkaErrorCode.CONNECT_UNAVAILABLE)).isTrue();
        assertThat(error.getMessage()).contains("cannot be reached", "No other worker answered");
    }

    @Test
    void answerThatNeverEnds_isCutOff() throws Exception {
        MCPToolError error =
                failure(client(worker((request, path) -> new Reply(200, "[" + " ".repeat(17 * 1024 * 1024) + "]", 0))));
        assertThat(error.is(KafkaErrorCode.CONNECT_UNAVAILABLE)).isTrue();
    }

    @Test
    void wrongAddresses_areRefused() {
        for (String url :
                List.of("", "connect:8083", "ftp://c", "http://u:p@c", "http://c?x=1", "http://c#f", "http:///")) {
            assertThatThrownBy(() -> ConnectConnection.to(url))
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("https://connect:8083");
        }
        assertThatThrownBy(ConnectConnection::to).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConnectConnection.to("http://c").basic("a:b", "c"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ConnectConnection.to("http://c/", "http://c").workers()).hasSize(1);
        assertThat(ConnectConnection.to("http://c").basic("user", "hidden").toString())
                .doesNotContain("hidden", "aGlkZGVu");
    }
}
