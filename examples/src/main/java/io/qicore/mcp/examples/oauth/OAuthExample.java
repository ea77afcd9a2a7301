package io.qicore.mcp.examples.oauth;

import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.oauth.OAuthResourceServer;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.transport.http.HttpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * Serves tools to clients with OAuth access tokens. The client is refused without a token, finds the authorization server through the
 * challenge, gets a token, reads, is refused when it writes because its scope is too small, gets a token with that scope, and writes.
 */
public final class OAuthExample {

    static final String CLIENT = "example-client";
    static final String SECRET = "example-secret";

    private OAuthExample() {}

    /** Runs the example. Takes no arguments, and needs neither Docker nor a network. */
    public static void main(String[] arguments) throws Exception {
        try (AuthorizationServer authorization = new AuthorizationServer(CLIENT, SECRET, Set.of("read", "write"))) {
            URI endpoint = freeEndpoint();
            NotesServer server = serve(endpoint, authorization.uri());
            try {
                SteppingClient client = new SteppingClient(endpoint, CLIENT, SECRET, System.out::println);
                System.out.println(client.call("list_notes", Map.of()));
                System.out.println(client.call("add_note", Map.of("text", "OAuth works")));
            } finally {
                server.close();
            }
        }
    }

    /**
     * Starts a server that accepts the tokens of one issuer.
     *
     * @param endpoint the URL by which clients know the server, for which tokens must be
     */
    static NotesServer serve(URI endpoint, URI issuer) throws Exception {
        HttpTransport http = HttpTransport.builder()
                .port(endpoint.getPort())
                .access(HttpAccess.builder()
                        .authenticator(
                                OAuthResourceServer.builder(issuer, endpoint).build())
                        .build())
                .build();
        NotesServer server = new NotesServer(ServerSettings.builder()
                .transport(http)
                // Shows tools that need more scopes, so that a client can ask for them.
                .interceptor(ToolRights.create().withStepUp())
                .build());
        server.start();
        return server;
    }

    /** Returns an endpoint on a free port. Tokens name it, so it must be known before the server starts. */
    static URI freeEndpoint() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + HttpTransport.PATH);
        }
    }
}
