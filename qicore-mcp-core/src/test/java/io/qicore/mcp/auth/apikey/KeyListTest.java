package io.qicore.mcp.auth.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.qicore.mcp.auth.Caller;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyListTest {

    private static final String KEY = ApiKey.random();

    private static List<ApiKey> read(String json) {
        return KeyList.read(json.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Arguments> faults() {
        String good = "{\"name\": \"a\", \"key\": \"" + KEY + "\", \"rights\": [\"read\"]}";
        return Stream.of(
                Arguments.of("{\"keys\": [\n" + good + "\n" + good + "]}", "Line 3: this is not JSON"),
                Arguments.of("{\"keys\": [\n" + KEY + "]}", "Line 2: this is not JSON"),
                Arguments.of("{\"keys\": [" + good + "]} x", "Line 1"),
                Arguments.of("[" + good + "]", "the text must be an object that has only the list \"keys\""),
                Arguments.of("{\"kyes\": [" + good + "]}", "the text must be an object that has only the list"),
                Arguments.of("{}", "There is no list \"keys\""),
                Arguments.of(
                        "{\"keys\": [" + good + ",\n" + good.replace("rights", "rigths") + "]}",
                        "Line 2: API key 2 has a member that is not one of name, key, sha256, rights, limits, expires."
                                + " Did you mean rights?"),
                Arguments.of(
                        "{\"keys\": [" + good.replace("name", KEY) + "]}",
                        "Line 1: API key 1 has a member that is not one of"),
                Arguments.of("{\"keys\": [\"" + KEY + "\"]}", "Line 1: API key 1 must be an object with the members"),
                Arguments.of(
                        "{\"keys\": [" + good.replace("[\"read\"]", "\"" + KEY + "\"") + "]}", "rights must be a list"),
                Arguments.of(
                        "{\"keys\": [" + good.replace("[\"read\"]", "[\"read\"], \"expires\": \"" + KEY + "\"") + "]}",
                        "Line 1: API key 1: expires must be a time such as"),
                Arguments.of(
                        "{\"keys\": [" + good.replace("[\"read\"]", "[\"read\"], \"limits\": [\"" + KEY + "\"]") + "]}",
                        "API key 1: limits must be an object of lists"),
                Arguments.of(
                        "{\"keys\": ["
                                + good.replace("[\"read\"]", "[\"read\"], \"limits\": {\"topics\": \"" + KEY + "\"}")
                                + "]}",
                        "API key 1: limits must be an object of lists"),
                Arguments.of(
                        "{\"keys\": [" + good.replace("[\"read\"]", "[\"read\"], \"limits\": {\"topcis\": []}") + "]}",
                        "The API key a has a limit of a kind that is not one of groups, schemas, tools, topics. Did you mean topics?"),
                Arguments.of("{\"keys\": [null]}", "API key 1 has no name"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void fault_isNamedWithItsPlaceAndWithoutTheKey(String json, String message) {
        Throwable refused = catchThrowable(() -> read(json));
        assertThat(refused).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
        for (Throwable at = refused; at != null; at = at.getCause()) {
            assertThat(at.toString()).doesNotContain(KEY, KEY.substring(10));
        }
    }

    @Test
    void keysOfTheSameText_areNamed() {
        assertThat(catchThrowable(() -> ApiKeys.parse("""
                {"keys": [{"name": "a", "key": "%1$s", "rights": ["read"]},
                          {"name": "b", "key": "%1$s", "rights": ["write"]}]}""".formatted(KEY))))
                .hasMessageContaining("a and b have the same text");
    }

    @Test
    void emptyLimit_allowsNothing_asAnEmptyClaimDoes() {
        Caller caller = read("""
                {"keys": [{"name": "a", "key": "%s", "rights": ["read"], "limits": {"topics": []}}]}""".formatted(KEY)).get(0).caller();
        assertThat(caller.allows(Caller.TOPICS, "x")).isFalse();
        assertThat(caller.allows(Caller.TOPICS, "")).isFalse();
        assertThat(caller.allows(Caller.GROUPS, "x")).isTrue();
    }
}
