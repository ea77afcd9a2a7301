package io.qicore.mcp.examples.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OAuthExampleTest {

    private final List<String> steps = new ArrayList<>();
    private AuthorizationServer authorization;
    private NotesServer server;
    private URI endpoint;

    @BeforeEach
    void start() throws Exception {
        authorization = new AuthorizationServer(OAuthExample.CLIENT, OAuthExample.SECRET, Set.of("read", "write"));
        endpoint = OAuthExample.freeEndpoint();
        server = OAuthExample.serve(endpoint, authorization.uri());
    }

    @AfterEach
    void stop() {
        server.close();
        authorization.close();
    }

    private SteppingClient client(String secret) {
        return new SteppingClient(endpoint, OAuthExample.CLIENT, secret, steps::add);
    }

    @Test
    void client_getsATokenAndStepsUp() throws Exception {
        SteppingClient client = client(OAuthExample.SECRET);

        assertThat(client.call("list_notes", Map.of()).path("notes")).isEmpty();
        assertThat(client.call("add_note", Map.of("text", "hello"))
                        .at("/notes/0")
                        .asText())
                .isEqualTo("example-client: hello");
        assertThat(client.call("list_notes", Map.of()).path("notes")).hasSize(1);

        assertThat(steps)
                .containsExactly(
                        "list_notes: 401",
                        "asks for a token with the scope: read",
                        "list_notes: 200",
                        "add_note: 403",
                        "asks for a token with the scope: read write",
                        "add_note: 200",
                        "list_notes: 200");
    }

    @Test
    void wrongSecretOrScope_getsNoToken() throws Exception {
        assertThatThrownBy(() -> client("wrong").call("list_notes", Map.of())).hasMessageContaining("invalid_client");
        try (AuthorizationServer stingy =
                new AuthorizationServer(OAuthExample.CLIENT, OAuthExample.SECRET, Set.of("read"))) {
            server.close();
            server = OAuthExample.serve(endpoint, stingy.uri());
            SteppingClient client = client(OAuthExample.SECRET);
            client.call("list_notes", Map.of());
            assertThatThrownBy(() -> client.call("add_note", Map.of("text", "hello")))
                    .hasMessageContaining("invalid_scope");
        }
    }

    @Test
    void tokenForAnotherServer_isRefused() throws Exception {
        SteppingClient client = client(OAuthExample.SECRET);
        client.call("list_notes", Map.of());
        server.close();
        // The same port, but known by another URL: the client does not send its credentials on.
        server = OAuthExample.serve(URI.create("http://localhost:" + endpoint.getPort() + "/mcp"), authorization.uri());
        assertThatThrownBy(() -> client.call("list_notes", Map.of())).hasMessageContaining("another");
    }

    @Test
    void program_runs() throws Exception {
        OAuthExample.main(new String[0]);
    }
}
