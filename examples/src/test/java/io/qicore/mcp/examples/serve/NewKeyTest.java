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
}
