package io.qicore.mcp.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.transport.RawHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class MCPServerFactoryTest {

    public static final class AlphaProvider implements MCPServerProvider {
        @Override
        public String name() {
            return "alpha-test";
        }

        @Override
        public int defaultPort() {
            return 0;
        }

        @Override
        public StatelessMCPServer create(MCPServerConfig config, ServerSettings settings) {
            return TestServer.of("alpha", List.of()).with(settings.toBuilder());
        }
    }

    public static final class BetaProvider implements MCPServerProvider {
        @Override
        public String name() {
            return "beta";
        }

        @Override
        public int defaultPort() {
            return 0;
        }

        @Override
        public StatelessMCPServer create(MCPServerConfig config, ServerSettings settings) {
            if (config.settings().containsKey("BETA_BROKEN")) {
                throw new UnsupportedOperationException("BETA_BROKEN is set");
            }
            return TestServer.of("beta", List.of()).with(settings.toBuilder());
        }
    }

    private final Logger logger = (Logger) LoggerFactory.getLogger(MCPServerFactory.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void enabledServers_run() {
        try (MCPServerRegistry registry = start("ALPHA_TEST_MCP_ENABLED", "true", "BETA_MCP_ENABLED", " TRUE ")) {
            assertThat(registry.names()).containsExactly("alpha-test", "beta");
            assertThat(registry.failures()).isEmpty();
            assertThat(registry.endpoint("beta")).isPresent();
        }
    }

    @Test
    void nothingEnabled_isSaid() {
        try (MCPServerRegistry registry = start("BETA_MCP_ENABLED", "false")) {
            assertThat(registry.names()).isEmpty();
        }
        assertThat(warnings()).anyMatch(text -> text.contains("ALPHA_TEST_MCP_ENABLED=true, BETA_MCP_ENABLED=true"));
    }

    @ParameterizedTest
    @CsvSource({
        "BETA_MCP_PORT, many",
        "BETA_MCP_PORT, 65536",
        "BETA_MCP_PORT, -1",
        "BETA_MCP_TRANSPORT, pigeon",
        "BETA_MCP_AUTH_TYPE, magic",
        "BETA_MCP_ALLOW_UNAUTHENTICATED, perhaps",
        "BETA_MCP_ENABLED, yes",
        "BETA_MCP_ALLOWED_HOSTS, mcp.example:443",
        "BETA_MCP_ALLOWED_HOSTS, ''",
        "BETA_MCP_ALLOWED_ORIGINS, *",
        "BETA_MCP_ALLOWED_ORIGINS, null",
        "BETA_MCP_ALLOWED_ORIGINS, https://console.example/",
        "BETA_MCP_PUBLIC_URL, mcp.example",
        "BETA_MCP_PUBLIC_URL, https://mcp.example/mcp?x",
        "BETA_MCP_TRUSTED_PROXIES, proxy.example"
    })
    void wrongValue_isNamedAndDoesNotStopAnotherServer(String key, String value) {
        Map<String, String> environment =
                new java.util.HashMap<>(Map.of("ALPHA_TEST_MCP_ENABLED", "true", "BETA_MCP_ENABLED", "true"));
        environment.put(key, value);
        try (MCPServerRegistry registry = MCPServerFactory.startFromEnvironment(environment)) {
            assertThat(registry.names()).containsExactly("alpha-test");
            assertThat(registry.endpoint("alpha-test")).isPresent();
            assertThat(registry.failures().get("beta")).hasMessageContainingAll(key, value);
        }
    }

    @Test
    void providerThatThrows_doesNotStopAnotherServer() {
        try (MCPServerRegistry registry =
                start("ALPHA_TEST_MCP_ENABLED", "true", "BETA_MCP_ENABLED", "true", "BETA_BROKEN", "1")) {
            assertThat(registry.names()).containsExactly("alpha-test");
            assertThat(registry.failures().get("beta")).hasMessage("BETA_BROKEN is set");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BETA_MCP_AUTH_TYPE, api_key, needs BETA_MCP_API_KEYS_FILE or BETA_MCP_API_KEYS",
        "BETA_MCP_AUTH_TYPE, oauth, needs BETA_MCP_OAUTH_ISSUER",
        "BETA_MCP_HOST, 0.0.0.0, BETA_MCP_ALLOW_UNAUTHENTICATED=true",
        "BETA_MCP_HOST, no.such.host.invalid, BETA_MCP_HOST=no.such.host.invalid is not the name or address of a host"
    })
    void whatIsNotSafeOrNotThere_isRefused(String key, String value, String message) {
        try (MCPServerRegistry registry = start("BETA_MCP_ENABLED", "true", key, value)) {
            assertThat(registry.names()).isEmpty();
            assertThat(registry.failures().get("beta")).hasMessageContaining(message);
        }
    }

    @Test
    void keyThatIsMeantForAnyServer_isReportedForThoseThatAreEnabled() {
        try (MCPServerRegistry registry = start("BETA_MCP_ENABLED", "true", "MCP_AUTH_TYPE", "api_key")) {
            assertThat(registry.names()).isEmpty();
            assertThat(registry.failures()).containsOnlyKeys("beta");
        }
        try (MCPServerRegistry registry = start("MCP_AUTH_TYPE", "api_key")) {
            assertThat(registry.failures()).containsOnlyKeys("alpha-test", "beta");
        }
    }

    @Test
    void addressThatOthersReach_needsAuthenticationFirstOfAll() {
        try (MCPServerRegistry registry = start("BETA_MCP_ENABLED", "true", "BETA_MCP_HOST", "0.0.0.0")) {
            assertThat(registry.failures().get("beta"))
                    .hasMessage(
                            "BETA_MCP_HOST=0.0.0.0 lets other machines reach the server, which has no authentication."
                                    + " Set BETA_MCP_AUTH_TYPE to api_key or oauth. If everybody on the network may use every"
                                    + " tool, set BETA_MCP_ALLOW_UNAUTHENTICATED=true instead.");
        }
    }

    @Test
    void keysThatAreWrong_areNamedWithTheirPlace(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("keys.json"), "{\"keys\": [\n{\"nmae\": \"a\"}]}");
        try (MCPServerRegistry registry = start(
                "BETA_MCP_ENABLED",
                "true",
                "BETA_MCP_AUTH_TYPE",
                "api_key",
                "BETA_MCP_API_KEYS_FILE",
                file.toString())) {
            assertThat(registry.failures().get("beta"))
                    .hasMessageStartingWith("BETA_MCP_API_KEYS_FILE: " + file + ": Line 2: API key 1 has a member")
                    .hasMessageEndingWith("Did you mean name?");
        }
        try (MCPServerRegistry registry = start(
                "BETA_MCP_ENABLED", "true", "BETA_MCP_AUTH_TYPE", "api_key", "BETA_MCP_API_KEYS", "{\"keys\": []}")) {
            assertThat(registry.failures().get("beta"))
                    .hasMessageStartingWith("BETA_MCP_API_KEYS: There is no API key.");
        }
    }

    @ParameterizedTest
    @CsvSource({"http, 404", "sse, 200", "SSE, 200"})
    void streamsOf2024_areServedOnRequestOnly(String transport, int status) throws Exception {
        try (MCPServerRegistry registry = start("BETA_MCP_ENABLED", "true", "BETA_MCP_TRANSPORT", transport);
                RawHttp client = new RawHttp(registry.endpoint("beta").orElseThrow())) {
            assertThat(client.send("GET", "/sse", Map.of(), "").status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"http", "sse"})
    void serverBehindAProxy_isReachedByTheNamesOfItsSettings(String transport) throws Exception {
        try (MCPServerRegistry registry = start(
                "BETA_MCP_ENABLED", "true",
                "BETA_MCP_TRANSPORT", transport,
                "BETA_MCP_ALLOWED_HOSTS", "one.example, Two.Example",
                "BETA_MCP_ALLOWED_ORIGINS", "https://console.example,http://tools.example:8080",
                "BETA_MCP_PUBLIC_URL", "https://public.example/beta/mcp",
                "BETA_MCP_TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8")) {
            var endpoint = registry.endpoint("beta").orElseThrow();
            for (Map<String, String> good : List.of(
                    Map.of("Host", "one.example"),
                    Map.of("Host", "two.example:443"),
                    Map.of("Host", "public.example"),
                    Map.of("Host", "one.example", "X-Forwarded-Host", "public.example"),
                    Map.of("Origin", "https://console.example"),
                    Map.of("Origin", "http://tools.example:8080"),
                    Map.of("Origin", "https://public.example"))) {
                assertThat(ping(endpoint, good)).as(good.toString()).isEqualTo(200);
            }
            for (Map<String, String> bad : List.of(
                    Map.of("Host", "three.example"),
                    Map.of("Host", "one.example", "X-Forwarded-Host", "three.example"),
                    Map.of("Origin", "https://tools.example"))) {
                assertThat(ping(endpoint, bad)).as(bad.toString()).isEqualTo(403);
            }
            if (transport.equals("sse")) {
                try (RawHttp client = new RawHttp(endpoint).send("GET", "/sse", Map.of(), "")) {
                    assertThat(client.readUntil("\n\n")).contains("data: /beta/messages?t=");
                }
            }
        }
    }

    private static int ping(java.net.URI endpoint, Map<String, String> headers) throws Exception {
        try (RawHttp client = new RawHttp(endpoint)) {
            return client.post(headers, "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}")
                    .status();
        }
    }

    @Test
    void otherAddress_acceptsAnyHostUntilSomeAreNamed() throws Exception {
        for (String hosts : List.of("", "one.example")) {
            Map<String, String> environment = new java.util.HashMap<>(Map.of(
                    "BETA_MCP_ENABLED", "true", "BETA_MCP_HOST", "0.0.0.0", "BETA_MCP_ALLOW_UNAUTHENTICATED", "true"));
            if (!hosts.isEmpty()) {
                environment.put("BETA_MCP_ALLOWED_HOSTS", hosts);
            }
            try (MCPServerRegistry registry = MCPServerFactory.startFromEnvironment(environment)) {
                var endpoint = registry.endpoint("beta").orElseThrow();
                assertThat(ping(endpoint, Map.of("Host", "any.example"))).isEqualTo(hosts.isEmpty() ? 200 : 403);
                assertThat(ping(endpoint, Map.of("Host", "one.example"))).isEqualTo(200);
            }
        }
    }

    @Test
    void otherAddress_isAllowedOnRequest() {
        try (MCPServerRegistry registry = start(
                "BETA_MCP_ENABLED", "true", "BETA_MCP_HOST", "0.0.0.0", "BETA_MCP_ALLOW_UNAUTHENTICATED", "true")) {
            assertThat(registry.failures()).isEmpty();
            assertThat(registry.endpoint("beta")).isPresent();
        }
    }

    @Test
    void twoServersOnStdio_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> start(
                        "ALPHA_TEST_MCP_ENABLED",
                        "true",
                        "ALPHA_TEST_MCP_TRANSPORT",
                        "stdio",
                        "BETA_MCP_ENABLED",
                        "true",
                        "BETA_MCP_TRANSPORT",
                        "STDIO"))
                .withMessageContaining("stdio");
    }

    @ParameterizedTest
    @CsvSource({
        "BETA_MCP_PROT, BETA_MCP_PORT",
        "BETTA_MCP_ENABLED, BETA_MCP_ENABLED",
        "BETA_AUTH_TYPE, BETA_MCP_AUTH_TYPE",
        "BETA_MCP_AUTHTYPE, BETA_MCP_AUTH_TYPE"
    })
    void misspeltKey_keepsItsServerFromStartingAndNoOther(String key, String meant) {
        try (MCPServerRegistry registry =
                start("ALPHA_TEST_MCP_ENABLED", "true", "BETA_MCP_ENABLED", "true", key, "1", "BETA_OTHER", "x")) {
            assertThat(registry.names()).containsExactly("alpha-test");
            assertThat(registry.failures().get("beta"))
                    .hasMessage(key + " is not a setting. Did you mean " + meant + "?");
        }
    }

    @Test
    void settingsOfAServerThatIsNotHere_areReported() {
        start("SOMETHING_ELSE_MCP_PORT", "1", "UNRELATED", "x").close();
        assertThat(warnings())
                .anyMatch(text -> text.startsWith("SOMETHING_ELSE_MCP_PORT is not a setting."))
                .noneMatch(text -> text.contains("UNRELATED"));
    }

    @Test
    void severalWrongValues_areReportedAtOnce() {
        try (MCPServerRegistry registry =
                start("BETA_MCP_ENABLED", "true", "BETA_MCP_PORT", "x", "BETA_MCP_CALL_TIMEOUT", "soon")) {
            assertThat(registry.failures().get("beta"))
                    .hasMessageContainingAll("BETA_MCP_PORT must", "BETA_MCP_CALL_TIMEOUT must");
        }
    }

    @Test
    void portThatKubernetesSets_isExplained() {
        try (MCPServerRegistry registry = start("BETA_MCP_ENABLED", "true", "BETA_MCP_PORT", "tcp://10.0.0.1:8081")) {
            assertThat(registry.failures().get("beta")).hasMessageContainingAll("BETA_MCP_PORT", "enableServiceLinks");
        }
    }

    @Test
    void unknownServer_listsTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MCPServerFactory.createFromConfig(MCPServerConfig.of("gamma")))
                .withMessageContainingAll("gamma", "alpha-test, beta");
    }

    @Test
    void configuration_hasSafeDefaults() {
        MCPServerConfig config = MCPServerFactory.configFromEnvironment("beta", Map.of("BETA_URL", "secret"));
        assertThat(config.enabled()).isFalse();
        assertThat(config.port()).isNull();
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.transport()).isEqualTo(MCPServerConfig.Transport.HTTP);
        assertThat(config.authentication()).isEqualTo(MCPServerConfig.Authentication.NONE);
        assertThat(config.allowUnauthenticated()).isFalse();
        assertThat(config.settings()).containsEntry("BETA_URL", "secret");
        assertThat(config.toString()).contains("BETA_URL").doesNotContain("secret");
    }

    @Test
    void configuration_checksItsValues() {
        assertThatIllegalArgumentException().isThrownBy(() -> MCPServerConfig.of(" "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MCPServerConfig.of("beta").withPort(70_000));
    }

    private List<String> warnings() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static MCPServerRegistry start(String... keysAndValues) {
        Map<String, String> environment = new java.util.HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            environment.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return MCPServerFactory.startFromEnvironment(environment);
    }
}
