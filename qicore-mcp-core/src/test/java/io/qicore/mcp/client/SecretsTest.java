package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.client.error.HttpAnswer;
import io.qicore.mcp.client.oauth.OAuth;
import io.qicore.mcp.client.oauth.OAuthClientId;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that is secret is in the text of any object of the client, so that it cannot get into a log. */
class SecretsTest {

    private static final String SECRET = "s3cret-value";

    private static final Pattern SENSITIVE =
            Pattern.compile("(?i).*(secret|token|credentials?|password|session|headers|key|code)$");

    /** Those that only sound so. */
    private static final Set<String> HARMLESS = Set.of("UnknownKey");

    static Stream<Class<?>> records() throws IOException {
        Path classes = Path.of("target/classes");
        return Stream.of("io/qicore/mcp/client", "io/qicore/mcp/internal/client")
                .flatMap(folder -> {
                    try {
                        return Files.walk(classes.resolve(folder));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .filter(file -> file.toString().endsWith(".class") && !file.endsWith("package-info.class"))
                .<Class<?>>map(file -> load(classes.relativize(file).toString()))
                .filter(type -> type.isRecord() && !HARMLESS.contains(type.getSimpleName()))
                .filter(type -> Arrays.stream(type.getRecordComponents()).anyMatch(SecretsTest::isSensitive));
    }

    private static Class<?> load(String file) {
        try {
            return Class.forName(
                    file.replace(".class", "").replace('/', '.'), false, SecretsTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSensitive(RecordComponent component) {
        return SENSITIVE.matcher(component.getName()).matches()
                && !component.getType().isPrimitive()
                && component.getType() != int[].class;
    }

    @ParameterizedTest
    @MethodSource
    void records(Class<?> type) throws Exception {
        RecordComponent[] components = type.getRecordComponents();
        Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        Object[] values = Arrays.stream(components)
                .map(component -> value(component.getType(), isSensitive(component) ? SECRET : "plain"))
                .toArray();
        assertThat(constructor.newInstance(values).toString()).doesNotContain(SECRET);
    }

    @Test
    void recordsWithSecrets_areFound() throws Exception {
        assertThat(records().map(Class::getSimpleName))
                .contains("OAuthClientId", "Tokens", "Refusal", "Outgoing", "Arrival");
    }

    private static Object value(Class<?> type, String text) {
        if (type == String.class) {
            return text;
        } else if (type == Map.class) {
            return Map.of("name", text);
        } else if (type == Set.class) {
            return Set.of(text);
        } else if (type == List.class) {
            return List.of(text);
        } else if (type == Optional.class) {
            return Optional.of(text);
        } else if (type == ObjectNode.class || type == JsonNode.class) {
            return Json.object().put("a", text);
        } else if (type == URI.class) {
            return URI.create("https://host.example/" + text);
        } else if (type == Instant.class) {
            return Instant.EPOCH;
        } else if (type == Duration.class) {
            return Duration.ZERO;
        } else if (type == boolean.class) {
            return false;
        } else if (type == int.class) {
            return 1;
        } else if (type == long.class || type == Long.class) {
            return 1L;
        } else if (type == OAuthClientId.class) {
            return new OAuthClientId("https://issuer.example", "id", text, null);
        } else if (type == HttpAnswer.class) {
            return new HttpAnswer(401, null, null);
        } else if (type.isInterface()) {
            return Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> "proxy");
        } else {
            return null;
        }
    }

    @Test
    void endpointsAndClients() {
        HttpEndpoint endpoint = HttpEndpoint.of(URI.create("https://host.example/mcp?key=" + SECRET))
                .withApiKey(SECRET)
                .withHeader("X-Key", SECRET)
                .withAuthorization(OAuth.forMachine(new OAuthClientId("https://issuer.example", "id", SECRET, null)));
        StdioEndpoint program = StdioEndpoint.of("program", "--key", SECRET).withVariable("KEY", SECRET);
        OAuth person = OAuth.forPerson(page -> page, URI.create("http://127.0.0.1:7777/callback"))
                .client(new OAuthClientId(null, "id", SECRET, null))
                .build();
        try (MCPClient client = MCPClient.builder(endpoint).build();
                MCPClient other = MCPClient.builder(program).tasks(true).build()) {
            for (Object object : List.of(
                    endpoint,
                    program,
                    person,
                    endpoint.authorization(),
                    client,
                    other,
                    client.tool("t").arguments(Map.of("password", SECRET)),
                    other.task(SECRET))) {
                assertThat(object.toString()).doesNotContain(SECRET);
            }
        }
    }

    @Test
    void argumentsThatAreRefused() {
        HttpEndpoint endpoint = HttpEndpoint.of(URI.create("https://host.example/mcp"));
        assertThatThrownBy(() -> endpoint.withApiKey(SECRET + "\n")).hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> endpoint.withHeader("X-Key", SECRET + "\u00e9"))
                .hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> HttpEndpoint.of(URI.create("https://" + SECRET + "@host.example/mcp")))
                .hasMessageNotContaining(SECRET);
    }
}
