package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.json.Numbers;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client's answers to {@link InputRequests}, by key, with the state that the handler added to the requests. The
 * answers come from the client and must be validated; the state is protected against changes. Immutable, provided that
 * the JSON is not modified.
 */
public final class InputResponses {

    /** Neither answers nor state, as in the first round. */
    public static final InputResponses NONE = new InputResponses(Json.object(), null);

    private final ObjectNode responses;
    private final @Nullable JsonNode state;

    /** Creates the responses. The engine does this; tests of handlers may do so too. */
    public InputResponses(ObjectNode responses, @Nullable JsonNode state) {
        Objects.requireNonNull(responses, "responses");
        this.responses = responses;
        this.state = state;
    }

    /**
     * Returns the user's answer to an {@link Elicitation}, or empty if it is missing or malformed.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if it has a number beyond the range of a double
     */
    public Optional<ElicitationAnswer> elicitation(String key) {
        Objects.requireNonNull(key, "key");
        JsonNode answer = checked(responses.path(key));
        try {
            ElicitationAnswer.Action action = ElicitationAnswer.Action.valueOf(
                    answer.path("action").asText().toUpperCase(Locale.ROOT));
            return Optional.of(new ElicitationAnswer(
                    action, answer.path("content") instanceof ObjectNode content ? content : Json.object()));
        } catch (IllegalArgumentException notAnAnswer) {
            return Optional.empty();
        }
    }

    /**
     * Returns the client's answer to any request as JSON, or empty if it is missing.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} if it has a number beyond the range of a double
     */
    public Optional<JsonNode> raw(String key) {
        Objects.requireNonNull(key, "key");
        return Optional.ofNullable(responses.get(key)).map(InputResponses::checked);
    }

    private static JsonNode checked(JsonNode answer) {
        String number = Numbers.fault(answer);
        if (number != null) {
            throw new MCPToolError(StandardErrorCode.INVALID_ARGUMENT, "In an answer " + number + ".");
        }
        return answer;
    }

    /**
     * Returns the state that the handler set with {@link InputRequests.Builder#state}, or empty if there is none.
     *
     * @throws IllegalArgumentException if the state cannot be read as the type
     */
    public <T> Optional<T> state(Class<T> type) {
        Objects.requireNonNull(type, "type");
        return state == null ? Optional.empty() : Optional.of(Json.MAPPER.convertValue(state, type));
    }
}
