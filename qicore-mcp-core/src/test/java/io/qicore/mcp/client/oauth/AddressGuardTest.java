package io.qicore.mcp.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.client.oauth.AddressGuard.Range;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a server may send the client for its metadata and tokens. */
class AddressGuardTest {

    /** Names as a resolver knows them. */
    private static final Map<String, String> NAMES = Map.of(
            "public.example", "203.0.113.7",
            "inner.example", "10.1.2.3",
            "local.example", "127.0.0.1",
            "metadata.example", "169.254.169.254",
            "localhost", "127.0.0.1");

    private static InetAddress[] resolve(String host) throws UnknownHostException {
        if (host.equals("both.example")) {
            return new InetAddress[] {InetAddress.getByName("203.0.113.7"), InetAddress.getByName("10.1.2.3")};
        }
        if (host.equals("nobody.example")) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByName(NAMES.getOrDefault(host, host))};
    }

    private static URI checked(String server, String named) {
        return new AddressGuard(URI.create(server), Set.of("login.corp"), AddressGuardTest::resolve)
                .checked("address", named);
    }

    @ParameterizedTest
    @CsvSource({
        "https://public.example/mcp, https://203.0.113.9/x",
        "https://public.example/mcp, https://public.example/x",
        "https://inner.example/mcp, https://10.9.9.9/x",
        "https://inner.example/mcp, https://public.example/x",
        "https://inner.example/mcp, https://inner.example/x",
        "http://localhost/mcp, http://127.0.0.1:9/x",
        "http://127.0.0.1/mcp, https://inner.example/x",
        "http://[::1]/mcp, http://localhost/x",
        "https://public.example/mcp, https://nobody.example/x",
        "https://public.example/mcp, HTTPS://Public.Example/x",
    })
    void addressOfTheServersRangeOrAWiderOne_isAllowed(String server, String named) {
        assertThat(checked(server, named)).isEqualTo(URI.create(named));
    }

    @ParameterizedTest
    @CsvSource({
        "https://public.example/mcp, http://127.0.0.1:6379/x",
        "https://public.example/mcp, http://localhost/x",
        "https://public.example/mcp, https://local.example/x",
        "https://public.example/mcp, https://inner.example/x",
        "https://public.example/mcp, https://both.example/x",
        "https://public.example/mcp, https://192.168.1.1/x",
        "https://public.example/mcp, https://172.31.0.1/x",
        "https://public.example/mcp, https://metadata.example/x",
        "https://public.example/mcp, https://0.0.0.0/x",
        "https://public.example/mcp, https://[::1]/x",
        "https://public.example/mcp, https://[::ffff:10.0.0.1]/x",
        "https://public.example/mcp, https://[fd00::1]/x",
        "https://public.example/mcp, https://[fe80::1]/x",
        "https://public.example/mcp, https://[64:ff9b::a00:1]/x",
        "https://public.example/mcp, https://[2002:a00:1::]/x",
        "https://public.example/mcp, https://100.64.0.1/x",
        "https://inner.example/mcp, http://127.0.0.1/x",
        "https://inner.example/mcp, https://169.254.169.254/x",
        "http://localhost/mcp, https://169.254.169.254/x",
        "https://public.example/mcp, http://public.example/x",
        "https://public.example/mcp, ftp://public.example/x",
        "https://public.example/mcp, file:///etc/passwd",
        "https://public.example/mcp, https://user@public.example/x",
        "https://public.example/mcp, https://public.example/x#y",
        "https://public.example/mcp, nonsense",
        "https://public.example/mcp, 'http://[::'",
        "https://public.example/mcp,",
    })
    void narrowerAddressOrAnotherScheme_isRefused(String server, String named) {
        assertThatThrownBy(() -> checked(server, named))
                .isInstanceOf(MCPAuthorizationException.class)
                .hasMessageStartingWith("The address");
    }

    @ParameterizedTest
    @CsvSource({"https://login.corp/x"})
    void hostThatTheApplicationHasNamed_isAllowed(String named) {
        AddressGuard guard = new AddressGuard(URI.create("https://public.example/mcp"), Set.of("login.corp"), host ->
                new InetAddress[] {InetAddress.getByName(host.equals("login.corp") ? "10.0.0.1" : "8.8.8.8")});
        assertThat(guard.checked("address", named)).isEqualTo(URI.create(named));
        assertThatThrownBy(() -> guard.checked("address", "http://login.corp/x"))
                .isInstanceOf(MCPAuthorizationException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, PUBLIC",
        "2001:4860:4860::8888, PUBLIC",
        "64:ff9b::808:808, PUBLIC",
        "172.15.255.255, PUBLIC",
        "172.32.0.0, PUBLIC",
        "100.63.255.255, PUBLIC",
        "100.128.0.0, PUBLIC",
        "192.0.1.1, PUBLIC",
        "198.17.255.255, PUBLIC",
        "10.0.0.0, PRIVATE",
        "172.16.0.0, PRIVATE",
        "192.168.255.255, PRIVATE",
        "100.127.255.255, PRIVATE",
        "192.0.0.1, PRIVATE",
        "198.19.0.1, PRIVATE",
        "0.1.2.3, PRIVATE",
        "255.255.255.255, PRIVATE",
        "fc00::1, PRIVATE",
        "fec0::1, PRIVATE",
        "127.255.255.254, LOOPBACK",
        "::1, LOOPBACK",
        "::, LOOPBACK",
        "0.0.0.0, LOOPBACK",
        "169.254.0.1, LINK",
        "fe80::1, LINK",
        "224.0.0.1, LINK",
        "64:ff9b::7f00:1, LOOPBACK",
        "2002:7f00:1::, LOOPBACK",
        "64:ff9b::a9fe:a9fe, LINK",
    })
    void everyRange_isKnown(String address, Range range) throws Exception {
        assertThat(AddressGuard.range(InetAddress.getByName(address))).isEqualTo(range);
    }
}
