package io.qicore.mcp.examples.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client that knows only the endpoint and its own credentials. The server's challenges tell it the rest: where the metadata is
 * (RFC 9728), which names the authorization server, and which scope a call needs.
 */
final class SteppingClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI endpoint;
    private final String credentials;
    private final Consumer<String> log;
    private final Set<String> scopes = new TreeSet<>();
    private @Nullable String token;

    /** @param log receives a line for each step */
    SteppingClient(URI endpoint, String clientId, String secret, Consumer<String> log) {
        this.endpoint = endpoint;
        this.credentials =
                Base64.getEncoder().encodeToString((clientId + ":" + secret).getBytes(StandardCharsets.UTF_8));
        this.log = log;
    }

    /**
     * Calls a tool. Gets a token, or one with more scopes, if the server asks for it.
     *
     * @throws IOException if the authorization server does not give the token, or the server refuses it
     */
    JsonNode call(String tool, Map<String, ?> arguments) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(tool, arguments);
        // At most once for the token and once for its scopes, so that a wrong server cannot keep it busy.
        for (int step = 0; step < 2 && (answer.statusCode() == 401 || answer.statusCode() == 403); step++) {
            authorize(answer.headers().firstValue("WWW-Authenticate").orElse(""));
            answer = send(tool, arguments);
        }
        if (answer.statusCode() != 200) {
            throw new IOException(tool + " is answered with status " + answer.statusCode());
        }
        return JSON.readTree(answer.body()).at("/result/structuredContent");
    }

    private HttpResponse<String> send(String tool, Map<String, ?> arguments) throws IOException, InterruptedException {
        Map<String, ?> message = Map.of(
                "jsonrpc",
                "2.0",
                "id",
                1,
                "method",
                "tools/call",
                "params",
                Map.of(
                        "name", tool,
                        "arguments", arguments,
                        "_meta",
                                Map.of(
                                        "io.modelcontextprotocol/protocolVersion",
                                        "2026-07-28",
                                        "io.modelcontextprotocol/clientCapabilities",
                                        Map.of())));
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", tool)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(message)));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        log.accept(tool + ": " + answer.statusCode());
        return answer;
    }

    /** Gets a token with the scopes so far and those of the challenge. */
    private void authorize(String challenge) throws IOException, InterruptedException {
        URI metadata = URI.create(parameter(challenge, "resource_metadata"));
        // A server may send a client only to its own metadata.
        if (!metadata.getRawAuthority().equals(endpoint.getRawAuthority())) {
            throw new IOException("The metadata is on another server: " + metadata);
        }
        JsonNode resource = get(metadata);
        if (!resource.path("resource").asText().equals(endpoint.toString())) {
            throw new IOException("The metadata is of another resource: " + resource.path("resource"));
        }
        String issuer = resource.at("/authorization_servers/0").asText();
        scopes.addAll(Set.of(parameter(challenge, "scope").split(" ")));
        String scope = String.join(" ", scopes);
        log.accept("asks for a token with the scope: " + scope);
        JsonNode server = get(URI.create(issuer + "/.well-known/oauth-authorization-server"));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(server.path("token_endpoint").asText()))
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope=" + encoded(scope)
                        + "&resource=" + encoded(endpoint.toString())))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("There is no token: " + answer.body());
        }
        token = JSON.readTree(answer.body()).path("access_token").asText();
    }

    private static String parameter(String challenge, String name) throws IOException {
        Matcher matcher = PARAMETER.matcher(challenge);
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return matcher.group(2);
            }
        }
        throw new IOException("The challenge has no " + name + ": " + challenge);
    }

    private JsonNode get(URI uri) throws IOException, InterruptedException {
        return JSON.readTree(http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
