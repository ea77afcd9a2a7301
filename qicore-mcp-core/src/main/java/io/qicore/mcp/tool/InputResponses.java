package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the client answered to {@link InputRequests}, by key, and the state that the handler gave along. Immutable. The
 * answers come from the client; the state is what the handler gave.
 */
public final class InputResponses {

    /** No answers and no state: the first round. */
    public static final InputResponses NONE = new InputResponses(Json.object(), null);

    private final ObjectNode responses;
    private final @Nullable JsonNode state;

    /** Made by the engine, and by tests of handlers. */
    public InputResponses(ObjectNode responses, @Nullable JsonNode state) {
        this.responses = responses;
        this.state = state;
    }

    /** The user's answer to an {@link Elicitation}, unless there is none or it is malformed. */
    public Optional<ElicitationAnswer> elicitation(String key) {
        JsonNode answer = responses.path(key);
        try {
            ElicitationAnswer.Action action = ElicitationAnswer.Action.valueOf(
                    answer.path("action").asText().toUpperCase(Locale.ROOT));
            return Optional.of(new ElicitationAnswer(
                    action, answer.path("content") instanceof ObjectNode content ? content : Json.object()));
        } catch (IllegalArgumentException notAnAnswer) {
            return Optional.empty();
        }
    }

    /** The client's answer to any request, as JSON. */
    public Optional<JsonNode> raw(String key) {
        return Optional.ofNullable(responses.get(key));
    }

    /** What the handler gave as {@link InputRequests.Builder#state}. */
    public <T> Optional<T> state(Class<T> type) {
        return state == null ? Optional.empty() : Optional.of(Json.MAPPER.convertValue(state, type));
    }
}
