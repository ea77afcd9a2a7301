package io.qicore.mcp.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.client.error.MCPAuthorizationException;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiscoveryTest {

    @ParameterizedTest
    @CsvSource({
        "https://a.example/mcp, https://a.example/mcp",
        "https://a.example/, https://a.example/mcp",
        "https://a.example, https://a.example/mcp/x",
        "https://a.example:443/mcp, https://a.example/mcp",
        "https://a.example/mcp, https://a.example:443/mcp",
        "http://a.example:80/mcp, http://a.example/mcp",
        "HTTPS://A.Example/mcp, https://a.example/mcp",
    })
    void resourceThatIsTheServer_orContainsIt_isUsed(String resource, URI server) {
        assertThat(Discovery.covering(resource, server)).isEqualTo(URI.create(resource));
    }

    @ParameterizedTest
    @CsvSource({
        "https://b.example/mcp, https://a.example/mcp",
        "https://a.example:444/mcp, https://a.example/mcp",
        "http://a.example/mcp, https://a.example/mcp",
        "http://a.example:443/mcp, https://a.example/mcp",
        "https://a.example/mcp/x, https://a.example/mcp",
        "https://a.example/mc, https://a.example/mcp",
        "https://user@a.example/mcp, https://a.example/mcp",
        "https://a.example/mcp#x, https://a.example/mcp",
        "//a.example/mcp, https://a.example/mcp",
        "urn:a, https://a.example/mcp",
        "mcp, https://a.example/mcp",
        "'', https://a.example/mcp",
        "https://a b/, https://a.example/mcp",
    })
    void resourceOfAnotherServer_isRefused(String resource, URI server) {
        assertThatThrownBy(() -> Discovery.covering(resource, server)).isInstanceOf(MCPAuthorizationException.class);
    }
}
