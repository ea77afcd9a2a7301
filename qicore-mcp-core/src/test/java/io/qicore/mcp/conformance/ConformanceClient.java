package io.qicore.mcp.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.MCPClientBuilder;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.client.oauth.OAuth;
import io.qicore.mcp.client.oauth.OAuthClientId;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPToolError;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The client that the official conformance suite tests. The suite starts it once for each scenario, with the address of a server,
 * and says in environment variables which scenario it is.
 *
 * @see <a href="https://github.com/modelcontextprotocol/conformance">The suite</a>
 */
public final class ConformanceClient {

    private final MCPClient client;
    private final JsonNode context;

    private ConformanceClient(MCPClient client, JsonNode context) {
        this.client = client;
        this.context = context;
    }

    /**
     * Plays a scenario.
     *
     * @param args the address of the server
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            System.err.println("usage: ConformanceClient URL");
            System.exit(2);
        }
        String scenario = System.getenv("MCP_CONFORMANCE_SCENARIO");
        String context = System.getenv().getOrDefault("MCP_CONFORMANCE_CONTEXT", "{}");
        JsonNode parameters = Json.read(context.getBytes(StandardCharsets.UTF_8));
        HttpEndpoint endpoint = HttpEndpoint.of(URI.create(args[0]));
        MCPClientBuilder builder = MCPClient.builder(
                        scenario.startsWith("auth/")
                                ? endpoint.withAuthorization(oauth(scenario, parameters))
                                : endpoint)
                .protocol(mode(System.getenv("MCP_CONFORMANCE_PROTOCOL_VERSION")))
                .timeout(Duration.ofSeconds(20))
                .onForm(form -> form.accept(
                        form.schema().path("properties").has("confirmed") ? Map.of("confirmed", true) : Map.of()));
        try (MCPClient client = builder.build()) {
            new ConformanceClient(client, parameters).play(scenario);
        }
    }

    private static OAuth oauth(String scenario, JsonNode parameters) throws Exception {
        OAuthClientId client = parameters.has("client_id")
                ? new OAuthClientId(
                        parameters.path("issuer").textValue(),
                        parameters.get("client_id").asText(),
                        parameters.path("client_secret").textValue(),
                        null)
                : null;
        if (scenario.equals("auth/client-credentials-basic")) {
            return OAuth.forMachine(client);
        }
        if (scenario.equals("auth/client-credentials-jwt")) {
            String pem = parameters.get("private_key_pem").asText().replaceAll("-----[A-Z ]+-----|\\s", "");
            return OAuth.forMachine(
                    client,
                    KeyFactory.getInstance("EC")
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))),
                    parameters.path("signing_algorithm").asText("ES256"));
        }
        OAuth.Builder builder = OAuth.forPerson(ConformanceClient::signIn, URI.create("http://127.0.0.1:7777/callback"))
                .clientMetadata(URI.create("https://conformance-test.local/client-metadata.json"));
        return (client == null ? builder : builder.client(client)).build();
    }

    /** Does what a browser would do: the authorization server of the suite redirects at once. */
    private static URI signIn(URI page) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.discarding())
                .headers()
                .firstValue("Location")
                .map(URI::create)
                .orElseThrow();
    }

    /** A client that may speak the revision and, as an application would have it, every older one. */
    private static ProtocolMode mode(String revision) {
        return revision.equals(ProtocolMode.MODERN_VERSION) ? ProtocolMode.auto() : ProtocolMode.pinned(revision);
    }

    private void play(String scenario) {
        switch (scenario) {
            case "initialize", "request-metadata", "json-schema-ref-no-deref" -> client.listTools();
            case "tools_call" -> {
                client.listTools();
                client.call("add_numbers", Map.of("a", 5, "b", 3));
            }
            case "elicitation-sep1034-client-defaults" -> client.call("test_client_elicitation_defaults", Map.of());
            case "sse-retry" -> client.call("test_reconnection", Map.of());
            case "sep-2322-client-request-state" -> {
                for (String tool : List.of(
                        "test_mrtr_echo_state",
                        "test_mrtr_unrelated",
                        "test_mrtr_no_state",
                        "test_mrtr_no_result_type")) {
                    client.call(tool, Map.of());
                }
            }
            case "http-standard-headers" -> useAll();
            case "http-custom-headers" -> {
                client.listTools();
                context.path("toolCalls")
                        .forEach(call -> client.call(call.path("name").asText(), call.get("arguments")));
            }
            case "http-invalid-tool-headers" -> {
                for (ToolDescription tool : client.listTools()) {
                    client.call(tool.name(), Json.object().put("value", "x").put("region", "x"));
                }
            }
            case "json-schema-2020-12-preservation" -> {
                ToolDescription rich = client.listTools().get(0);
                client.call("json_schema_echo", Map.of("schema", rich.inputSchema()));
            }
            case "auth/authorization-server-migration" -> {
                // The server changes its authorization server after the first request.
                client.listTools();
                client.listTools();
                client.call("test-tool", Map.of());
            }
            default -> {
                client.listTools();
                try {
                    client.call("test-tool", Map.of());
                } catch (MCPToolError e) {
                    System.err.println(e);
                }
            }
        }
    }

    private void useAll() {
        client.listTools().forEach(tool -> client.call(tool.name(), Map.of()));
        client.listResources().forEach(resource -> client.readResource(resource.uri()));
        client.listPrompts().forEach(prompt -> client.getPrompt(prompt.name(), Map.of()));
    }
}
