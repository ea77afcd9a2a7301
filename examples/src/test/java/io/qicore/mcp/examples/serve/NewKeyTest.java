package io.qicore.mcp.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.auth.apikey.ApiKeys;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewKeyTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int print(String... arguments) {
        return NewKey.print(arguments, new PrintStream(out), new PrintStream(err));
    }

    @Test
    void entry_isOneForTheFileAndDoesNotShowTheKey() {
        assertThat(print("--new-key", "dashboard", "--rights", "read,write")).isZero();
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n");
        String key = lines[0].substring(lines[0].lastIndexOf(' ') + 1);
        String entry = lines[1].substring(lines[1].indexOf('{'));
        assertThat(entry).doesNotContain(key).contains("\"rights\":[\"read\",\"write\"]");
        assertThat(ApiKeys.parse("{\"keys\": [" + entry + "]}").toString()).isEqualTo("ApiKeys[1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"raed", "read,", "", "read, write", "READ"})
    void misspeltRights_areRefused(String rights) {
        assertThat(print("--new-key", "dashboard", "--rights", rights)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("[admin, destructive, read, write]");
        assertThat(out.size()).isZero();
    }

    @Test
    void expiryAndLimits_areInTheEntry() {
        assertThat(print(
                        "--limit", "topics=orders-*,payments",
                        "--new-key", "dashboard",
                        "--expires", "2227-01-31",
                        "--limit", "groups=",
                        "--rights", "read"))
                .isZero();
        String entry = out.toString(StandardCharsets.UTF_8).split("\n")[1];
        assertThat(entry)
                .contains(
                        "\"limits\":{\"groups\":[],\"topics\":[\"orders-*\",\"payments\"]},\"expires\":\"2227-01-31T00:00:00Z\"");
        assertThat(ApiKeys.parse("{\"keys\": [" + entry.substring(entry.indexOf('{')) + "]}")
                        .toString())
                .isEqualTo("ApiKeys[1]");
        assertThat(print("--new-key", "a", "--rights", "read", "--expires", "2227-01-31T12:00:00Z"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--expires 2020-01-01",
                "--expires soon",
                "--expires 2227-13-01",
                "--expires 2227-01-01 --expires 2227-01-02",
                "--expires",
                "--limit topcis=a",
                "--limit topics",
                "--limit topics=a,,b",
                "--limit topics=a --limit topics=b",
                "--limits topics=a",
                "--rights write",
                "--new-key other"
            })
    void wrongOption_isRefusedWithTheUsage(String options) {
        assertThat(print(("--new-key a --rights read " + options).split(" "))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--expires", "--limit", "Usage");
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--new-key a", "--rights read", "serve"})
    void incompleteArguments_areAnsweredWithTheUsage(String options) {
        assertThat(print(options.split(" "))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Usage: --new-key NAME");
    }
}
