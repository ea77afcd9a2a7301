package io.qicore.mcp.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChallengeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Bearer | {}",
                "Bearer scope=\"a b\", error=\"insufficient_scope\" | {scope=a b, error=insufficient_scope}",
                "bearer scope=a | {scope=a}",
                "Basic realm=\"x\", Bearer scope=\"a\" | {scope=a}",
                "Bearer scope=\"a\", Basic realm=\"scope=evil\" | {scope=a}",
                "Bearer realm=\"a \\\"quoted\\\", Bearer scope=evil\" | {realm=a \"quoted\", Bearer scope=evil}",
                "Negotiate abc123==, Bearer scope=a | {scope=a}",
                "Bearer a=1, a=2 | {a=1}",
                "Bearer  scope = \"a\" | {scope=a}",
                "Bearer scope=\"unfinished | {}",
                "Bearer scope=a;;; | {scope=a}",
                "Basic scope=a | {}",
                "'' | {}",
            })
    void bearerChallenge_isRead(String header, String parameters) {
        assertThat(Challenge.bearer(header).parameters().toString()).isEqualTo(parameters);
    }

    @Test
    void missingHeader_isNone() {
        assertThat(Challenge.bearer(null).parameters()).isEmpty();
    }
}
