package io.qicore.mcp.internal.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of headers, where a request cannot show it. */
class HeadersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "a b",
                " a",
                "a ",
                "\t",
                "\u0001",
                "\u007f",
                "ü",
                "=?base64?YQ==?=",
                "=?base64??=",
                "\u2028"
            })
    void text_survivesAHeader(String text) {
        String value = HeaderText.encode(text);
        assertThat(HeaderText.isPlain(value)).isTrue();
        assertThat(HeaderText.trim(value)).isEqualTo(value);
        assertThat(HeaderText.decode(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=?base64?YQ?=",
                "=?base64?YR==?=",
                "=?base64?Y-==?=",
                "=?base64?YQ==YQ==?=",
                "=?base64?/w==?=",
                "=?base64?  ?="
            })
    void malformedBase64_isNotAText(String value) {
        assertThat(HeaderText.decode(value)).isNull();
    }

    @Test
    void addresses_areComparedAsAddresses() {
        Addresses proxies =
                new Addresses(List.of("10.0.0.0/8", "192.168.1.5", "::1", "2001:db8::/33", "172.16.0.0/12"));
        for (String in : List.of(
                "10.255.0.1",
                "192.168.1.5",
                "::1",
                "[::1]",
                "0:0:0:0:0:0:0:1",
                "::1%lo",
                "2001:db8:7fff::1",
                "::ffff:10.1.1.1",
                "172.31.255.255")) {
            assertThat(proxies.contains(in)).as(in).isTrue();
        }
        for (String out : List.of(
                "11.0.0.1",
                "192.168.1.50",
                "::2",
                "2001:db8:8000::1",
                "172.32.0.0",
                "localhost",
                "",
                "10",
                "10.1",
                "10.0.0.256",
                "0x0a.0.0.1",
                "10.0.0.1:80",
                ":",
                "1:2:3")) {
            assertThat(proxies.contains(out)).as(out).isFalse();
        }
        assertThat(proxies.contains(null)).isFalse();
        assertThat(new Addresses(List.of("0.0.0.0/0")).contains("8.8.8.8")).isTrue();
        assertThat(new Addresses(List.of("0.0.0.0/0")).contains("::1")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "proxy.example",
                "10",
                "10.0.0.1/33",
                "10.0.0.1/",
                "10.0.0.1/-1",
                "::1/129",
                "10.0.0.0/8/8",
                "10.0.0.*",
                "1.2.3.4 "
            })
    void addressThatIsNone_isRefused(String item) {
        assertThatThrownBy(() -> new Addresses(List.of(item)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + item + "'");
    }
}
