package io.qicore.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.transport.servlet.HttpServing;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A server on loopback behind a reverse proxy that passes the Host header on. */
@ParameterizedClass
@EnumSource(HttpServing.class)
class ReverseProxyTest {

    @Parameter
    HttpServing serving;

    private final List<List<Object>> seen = new CopyOnWriteArrayList<>();
    private HttpServing.Running running;
    private Server proxy;

    @AfterEach
    void stop() throws Exception {
        proxy.stop();
        running.close();
    }

    /** Starts a server, and a proxy that publishes it under a name and a path. */
    private void start(HttpAccess.Builder access) throws Exception {
        running = serving.start(
                new TestServer("proxied"),
                access.authenticator(HttpAuthenticator.of(request -> {
                            seen.add(List.of(
                                    request.url(), request.clientAddress().orElse("?")));
                            return Caller.of("alice");
                        }))
                        .build());
        proxy = new Server(new InetSocketAddress("127.0.0.1", 0));
        proxy.setHandler(new PassingHost(running.uri()));
        proxy.start();
    }

    /** Passes Host on, and says from whom a request comes, after what a client may have claimed. */
    private static final class PassingHost extends ProxyHandler.Reverse {

        PassingHost(URI server) {
            super(request -> HttpURI.build(request.getHttpURI())
                    .scheme("http")
                    .host(server.getHost())
                    .port(server.getPort())
                    .path(Request.getPathInContext(request).replaceFirst("^/kafka", ""))
                    .asImmutable());
        }

        @Override
        protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request toServer) {
            String host = request.getHeaders().get("X-Test-Host");
            toServer.headers(headers -> {
                headers.put(HttpHeader.HOST, host);
                headers.add(new HttpField("X-Forwarded-Host", host));
                headers.add(new HttpField("X-Forwarded-Proto", "https"));
                headers.add(new HttpField("X-Forwarded-For", "203.0.113.9"));
            });
        }
    }

    private String post(String host, Map<String, String> more) throws Exception {
        Map<String, String> headers = new java.util.HashMap<>(more);
        headers.put("X-Test-Host", host);
        headers.put("Connection", "close");
        URI uri = URI.create(
                "http://127.0.0.1:" + ((ServerConnector) proxy.getConnectors()[0]).getLocalPort() + "/kafka/mcp");
        try (RawHttp client = new RawHttp(uri)) {
            return client.send("POST", "/kafka/mcp", headers, """
                            {"jsonrpc": "2.0", "id": 1, "method": "ping"}""").readToEnd();
        }
    }

    @Test
    void hostThatNobodyHasAllowed_isRefusedWithTheWayOut() throws Exception {
        start(HttpAccess.builder());
        assertThat(post("mcp.example.com", Map.of()))
                .startsWith("HTTP/1.1 403")
                .contains("mcp.example.com", "allowedHosts", "_MCP_ALLOWED_HOSTS");
        assertThat(seen).isEmpty();
    }

    @Test
    void allowedHost_isServed() throws Exception {
        start(HttpAccess.builder().allowedHosts(Set.of("mcp.example.com")));
        assertThat(post("mcp.example.com", Map.of())).startsWith("HTTP/1.1 200");
        assertThat(post("evil.example", Map.of())).startsWith("HTTP/1.1 403");
        // The proxy is not trusted, so what it says does not count.
        assertThat(seen).allSatisfy(request -> assertThat(request)
                .isEqualTo(List.of(URI.create("http://mcp.example.com/mcp"), "127.0.0.1")));
    }

    @Test
    void publicUrl_allowsItsHostAndItsPages() throws Exception {
        start(HttpAccess.builder().publicUrl(URI.create("https://mcp.example.com/kafka/mcp")));
        assertThat(post("mcp.example.com", Map.of("Origin", "https://mcp.example.com")))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("Access-Control-Allow-Origin: https://mcp.example.com");
        assertThat(post("mcp.example.com", Map.of("Origin", "http://mcp.example.com")))
                .startsWith("HTTP/1.1 403");
        assertThat(post("evil.example", Map.of())).startsWith("HTTP/1.1 403");
        assertThat(seen.get(0).get(0)).isEqualTo(URI.create("https://mcp.example.com/kafka/mcp"));
    }

    @Test
    void trustedProxy_isBelievedAndItsClientIsNot() throws Exception {
        start(HttpAccess.builder()
                .allowedHosts(Set.of("mcp.example.com"))
                .trustedProxies(Set.of("127.0.0.0/8", "10.0.0.1")));
        Map<String, String> claims = Map.of(
                "X-Forwarded-For",
                "127.0.0.1, 198.51.100.1",
                "X-Forwarded-Proto",
                "http",
                "X-Forwarded-Host",
                "localhost");
        assertThat(post("mcp.example.com", claims)).startsWith("HTTP/1.1 200");
        assertThat(seen).containsExactly(List.of(URI.create("https://mcp.example.com/mcp"), "203.0.113.9"));
        // A name that leads to the proxy but that is not ours.
        assertThat(post("evil.example", claims)).startsWith("HTTP/1.1 403");
    }
}
