package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a handler needs from the client or its user before it can go on. The handler returns it, the client obtains the
 * answers and sends its request again, and the handler, on whichever replica, finds them in
 * {@link RequestContext#inputs()}. Immutable.
 *
 * <pre>{@code
 * Optional<ElicitationAnswer> answer = context.inputs().elicitation("confirm");
 * if (answer.isEmpty()) {
 *     return ToolResult.inputRequired(InputRequests.builder()
 *             .elicit("confirm", Elicitation.form("Delete 3 topics?", Confirm.class))
 *             .state(plan)
 *             .build());
 * }
 * }</pre>
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr">MCP 2026-07-28, Multi
 *     round-trip requests</a>
 */
public final class InputRequests {

    private final Map<String, Item> items;
    private final @Nullable Object state;

    /**
     * One request to the client.
     *
     * @param method method of the request, such as {@code elicitation/create}
     * @param params its parameters
     * @param needs what the client must be able to do
     */
    public record Item(String method, ObjectNode params, ClientFeature needs) {}

    private InputRequests(Map<String, Item> items, @Nullable Object state) {
        this.items = items;
        this.state = state;
    }

    /** A new builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** The requests by key. */
    public Map<String, Item> items() {
        return items;
    }

    /** What the handler wants to find again with the answers, or null. */
    public @Nullable Object state() {
        return state;
    }

    /** Builds {@link InputRequests}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Item> items = new LinkedHashMap<>();
        private @Nullable Object state;

        private Builder() {}

        /** Asks the user; the answer will be {@link InputResponses#elicitation} of the same key. */
        public Builder elicit(String key, Elicitation question) {
            return add(key, new Item("elicitation/create", question.params(), question.feature()));
        }

        /**
         * Asks the client's model; the answer will be {@link InputResponses#raw} of the same key. Deprecated by MCP
         * 2026-07-28, so there are no types for it.
         *
         * @param params parameters of {@code sampling/createMessage}
         */
        public Builder sample(String key, ObjectNode params) {
            return add(key, new Item("sampling/createMessage", params.deepCopy(), ClientFeature.SAMPLING));
        }

        /**
         * Asks for the folders that the user has opened; the answer will be {@link InputResponses#raw} of the same key.
         * Deprecated by MCP 2026-07-28.
         */
        public Builder listRoots(String key) {
            return add(key, new Item("roots/list", Json.object(), ClientFeature.ROOTS));
        }

        /**
         * What the handler wants to find again in {@link InputResponses#state}. It travels through the client: readable
         * for it, but not to be changed, and bound to the caller, the tool and its arguments for a limited time.
         *
         * @param value anything that can be written as JSON
         */
        public Builder state(Object value) {
            this.state = Objects.requireNonNull(value);
            return this;
        }

        private Builder add(String key, Item item) {
            if (items.putIfAbsent(key, item) != null) {
                throw new IllegalArgumentException("The key '" + key + "' is used twice.");
            }
            return this;
        }

        /**
         * The requests.
         *
         * @throws IllegalStateException if there is neither a request nor a state
         */
        public InputRequests build() {
            if (items.isEmpty() && state == null) {
                throw new IllegalStateException("Input requests need at least one request or a state.");
            }
            return new InputRequests(Collections.unmodifiableMap(new LinkedHashMap<>(items)), state);
        }
    }
}
