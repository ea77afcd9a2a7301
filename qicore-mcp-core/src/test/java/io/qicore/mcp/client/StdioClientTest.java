package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.qicore.mcp.Gate;
import io.qicore.mcp.Threads;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Servers that are child processes. */
class StdioClientTest {

    private static StdioEndpoint child(String how) {
        return StdioEndpoint.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildMain.class.getName(),
                        how)
                .withProbeTimeout(Duration.ofSeconds(20));
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .collect(Collectors.toSet());
    }

    @AfterEach
    void nothingIsLeft() {
        await().atMost(Gate.PATIENCE).until(() -> children().isEmpty());
        Threads.awaitNone("mcp-stdio");
        Threads.awaitNone("mcp-client");
    }

    @ParameterizedTest
    @CsvSource({"2026-07-28", "2025-11-25", "2025-06-18", "2024-11-05"})
    void goodServer_isUsedInEveryRevision(String version) throws Exception {
        try (MCPClient client = MCPClient.builder(child("good"))
                .protocol(ProtocolMode.pinned(version))
                .build()) {
            assertThat(client.discover().protocolVersion()).isEqualTo(version);
            assertThat(client.call("echo", Map.of("text", "ä ☃"), io.qicore.mcp.TestServer.Text.class)
                            .text())
                    .isEqualTo("ä ☃");
        }
    }

    @Test
    void newestRevision_isFoundAndErrorsAreLogged() {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        Logger log = (Logger) LoggerFactory.getLogger("io.qicore.mcp.client.stdio");
        log.setLevel(Level.INFO);
        log.addAppender(appender);
        try (MCPClient client = MCPClient.builder(child("good")).build()) {
            assertThat(client.discover().protocolVersion()).isEqualTo("2026-07-28");
            await().atMost(Gate.PATIENCE).until(() -> appender.list.stream()
                    .anyMatch(event -> event.getFormattedMessage().contains("child says \\u0007")));
        } finally {
            log.detachAppender(appender);
            log.setLevel(null);
        }
    }

    @Test
    void serverThatIsSilentAboutWhatItDoesNotKnow_isShakenHandsWith() {
        try (MCPClient client = MCPClient.builder(child("old").withProbeTimeout(Duration.ofMillis(1_500)))
                .build()) {
            assertThat(client.call("t", Map.of()).asText()).isEqualTo("tools/call");
            assertThat(client.discover().protocolVersion()).isEqualTo("2025-06-18");
        }
    }

    @Test
    void serverThatDiesOfTheFirstQuestion_isStartedAgain() {
        try (MCPClient client = MCPClient.builder(child("dies-when-asked")).build()) {
            assertThat(client.call("t", Map.of()).asText()).isEqualTo("tools/call");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dies | MCPConnectionException | exit code 7",
                "mute | MCPConnectionException | closed its output",
                "huge | MCPConnectionException | more than 1048576 bytes",
                "garbage | MCPTimeoutException | did not answer within",
                "other-id | MCPTimeoutException | did not answer within",
            })
    void misdeed_isATypedError(String how, String failure, String message) {
        try (MCPClient client = MCPClient.builder(child(how).withMaxMessageBytes(1 << 20))
                .protocol(ProtocolMode.legacy())
                .build()) {
            assertThat(client.discover().name()).isEqualTo("old");
            assertThatThrownBy(() ->
                            client.tool("t").timeout(Duration.ofSeconds(2)).call())
                    .isInstanceOf(MCPClientException.class)
                    .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(failure))
                    .hasMessageContaining(message);
        }
    }

    @Test
    void serverThatClosesItsOutputAndGoesOn_isStartedAgain() {
        try (MCPClient client = MCPClient.builder(child("mute-stubborn").withShutdownTimeout(Duration.ofMillis(500)))
                .protocol(ProtocolMode.legacy())
                .build()) {
            assertThatThrownBy(() -> client.call("t", Map.of())).hasMessageContaining("closed its output");
            assertThat(client.discover().name()).isEqualTo("old");
            // The one before is killed.
            await().atMost(Gate.PATIENCE).until(() -> children().size() == 1);
        }
    }

    @Test
    void serverThatHasDied_isStartedByTheNextCall() {
        try (MCPClient client =
                MCPClient.builder(child("dies")).protocol(ProtocolMode.legacy()).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOf(MCPConnectionException.class);
            assertThat(client.discover().name()).isEqualTo("old");
        }
    }

    @ParameterizedTest
    @CsvSource({"stubborn", "parent"})
    void childThatDoesNotEnd_isEndedWithWhatItHasStarted(String how) {
        MCPClient client = MCPClient.builder(child(how).withShutdownTimeout(Duration.ofMillis(300)))
                .build();
        client.call("t", Map.of());
        assertThat(children()).isNotEmpty();
        long start = System.nanoTime();
        client.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(children()).isEmpty();
    }

    @Test
    void silentServer_isATimeout() {
        try (MCPClient client = MCPClient.builder(child("silent"))
                .protocol(ProtocolMode.modern())
                .timeout(Duration.ofSeconds(1))
                .build()) {
            assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOf(MCPTimeoutException.class);
        }
    }

    @Test
    void programThatDoesNotExist_isAFailureWithoutItsArguments() {
        try (MCPClient client = MCPClient.stdio("no-such-program", "secret")) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("no-such-program")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void environment_hasNoSecretsUnlessAsked() {
        Map<String, String> environment =
                StdioEndpoint.of("x").withVariable("TOKEN", "t").environment();
        assertThat(environment).containsEntry("TOKEN", "t").containsKey("PATH");
        assertThat(environment.keySet())
                .allMatch(name -> name.equals("TOKEN") || System.getenv().containsKey(name))
                .noneMatch(name -> name.contains("SECRET") || name.contains("KEY"));
        assertThat(StdioEndpoint.of("x").withAllVariables().environment()).isEqualTo(System.getenv());
    }

    private static StdioEndpoint shell(String script) {
        return StdioEndpoint.of("sh", "-c", script).withShutdownTimeout(Duration.ofMillis(300));
    }

    /** A server that answers each request with a result, in a shell. */
    private static final String ANSWERS =
            "while read -r line; do id=$(echo \"$line\" | sed -n 's/.*\"id\":\\([0-9]*\\).*/\\1/p');"
                    + " [ -z \"$id\" ] || echo '{\"jsonrpc\":\"2.0\",\"id\":'$id',\"result\":{\"supportedVersions\":[\"2026-07-28\"],"
                    + "\"content\":[],\"structuredContent\":{\"ok\":true}}}'; done";

    @Test
    void grandchildOfAProgramThatEnds_isEndedToo() throws Exception {
        // The program ends with its input; what it has started ignores SIGTERM and closes nothing.
        java.nio.file.Path pid = java.nio.file.Files.createTempFile("grandchild", ".pid");
        MCPClient client = MCPClient.builder(shell("sh -c 'trap \"\" TERM; echo $$ > " + pid
                        + "; while :; do sleep 1; done' >/dev/null 2>&1 & " + ANSWERS))
                .build();
        client.call("t", Map.of());
        await().atMost(Gate.PATIENCE).until(() -> java.nio.file.Files.size(pid) > 0);
        long grandchild = Long.parseLong(java.nio.file.Files.readString(pid).trim());
        assertThat(ProcessHandle.of(grandchild)).isPresent();
        client.close();
        await().atMost(Duration.ofSeconds(2)).until(() -> ProcessHandle.of(grandchild)
                .filter(ProcessHandle::isAlive)
                .isEmpty());
        java.nio.file.Files.delete(pid);
    }

    @Test
    void programThatIgnoresItsInputAndSigterm_isKilled() {
        MCPClient client = MCPClient.builder(shell("trap '' TERM; " + ANSWERS + "; while :; do sleep 1; done"))
                .build();
        client.call("t", Map.of());
        long start = System.nanoTime();
        client.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(children()).isEmpty();
    }

    @Test
    void continuationOfACall_mayCallAgain() {
        try (MCPClient client = MCPClient.builder(shell(ANSWERS)).build()) {
            boolean ok = client.tool("t")
                    .start()
                    .thenApply(first -> client.call("u", Map.of()).get("ok").asBoolean())
                    .join();
            assertThat(ok).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "while :; do echo '{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":\"x\"}}'; done | MCPTimeoutException",
                "while :; do echo garbage; done | MCPTimeoutException",
                "cat /dev/zero | MCPConnectionException",
                "while :; do echo oops >&2; done | MCPTimeoutException",
                "cat /dev/zero >&2 | MCPTimeoutException",
                "echo '[[[[' ; exit 3 | MCPConnectionException",
                "kill -9 $$ | MCPConnectionException",
                "exec 1>&-; sleep 30 | MCPConnectionException",
                "sleep 3 & exit 4 | MCPConnectionException",
                "sleep 30 | MCPTimeoutException",
            })
    void hostileProgram_isATypedErrorInBoundedMemory(String script, String failure) {
        try (MCPClient client = MCPClient.builder(shell(script).withMaxMessageBytes(1 << 20))
                .protocol(ProtocolMode.pinned("2025-06-18"))
                .timeout(Duration.ofSeconds(2))
                .build()) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(failure));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }
}
