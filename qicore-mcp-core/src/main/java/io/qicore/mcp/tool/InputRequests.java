package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Input that a handler needs from the client or its user before it can continue. The handler returns the requests; the
 * client obtains the answers and sends its original request again. The handler then runs again, possibly on another
 * replica, and finds the answers in {@link RequestContext#inputs()}. Immutable.
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
     * @param method the MCP method, such as {@code elicitation/create}
     * @param params the parameters of the method
     * @param needs the capability that the client must have
     */
    public record Item(String method, ObjectNode params, ClientFeature needs) {
        /** Requires what is not marked as nullable. */
        public Item {
            Objects.requireNonNull(needs, "needs");
            Objects.requireNonNull(params, "params");
            Objects.requireNonNull(method, "method");
        }
    }

    private InputRequests(Map<String, Item> items, @Nullable Object state) {
        this.items = items;
        this.state = state;
    }

    /** Returns a new builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the requests by key, in the order in which they were added. */
    public Map<String, Item> items() {
        return items;
    }

    /** Returns the state that comes back with the answers, or null. */
    public @Nullable Object state() {
        return state;
    }

    /** Builds {@link InputRequests}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Item> items = new LinkedHashMap<>();
        private @Nullable Object state;

        private Builder() {}

        /**
         * Asks the user. {@link InputResponses#elicitation} returns the answer for the same key.
         *
         * @throws IllegalArgumentException if the key is already in use
         */
        public Builder elicit(String key, Elicitation question) {
            Objects.requireNonNull(key, "key");
            return add(key, new Item("elicitation/create", question.params(), question.feature()));
        }

        /**
         * Asks the client's model. {@link InputResponses#raw} returns the answer for the same key. MCP 2026-07-28
         * deprecates this request, so parameters and answer are plain JSON.
         *
         * @param params the parameters of {@code sampling/createMessage}; copied
         * @throws IllegalArgumentException if the key is already in use
         */
        public Builder sample(String key, ObjectNode params) {
            Objects.requireNonNull(key, "key");
            return add(key, new Item("sampling/createMessage", params.deepCopy(), ClientFeature.SAMPLING));
        }

        /**
         * Asks for the folders that the user has opened. {@link InputResponses#raw} returns the answer for the same
         * key. MCP 2026-07-28 deprecates this request.
         *
         * @throws IllegalArgumentException if the key is already in use
         */
        public Builder listRoots(String key) {
            Objects.requireNonNull(key, "key");
            return add(key, new Item("roots/list", Json.object(), ClientFeature.ROOTS));
        }

        /**
         * Sets a state that {@link InputResponses#state} returns with the answers. Default: none. The state travels
         * through the client, encrypted: the client can neither read nor change it. It is valid for a limited time, and
         * only for the same caller, tool and arguments. Within that time the client can send it more than once, so a
         * handler that must act once puts what it is about to change into the state and compares it, as
         * {@link io.qicore.mcp.tool.change.Confirmation} does.
         *
         * @param value any value that can be written as JSON
         */
        public Builder state(Object value) {
            this.state = Objects.requireNonNull(value, "value");
            return this;
        }

        private Builder add(String key, Item item) {
            if (items.putIfAbsent(key, item) != null) {
                throw new IllegalArgumentException(
                        "The key '" + key + "' is already in use: give each request its own key.");
            }
            return this;
        }

        /**
         * Returns the requests.
         *
         * @throws IllegalStateException if neither a request nor a state was added
         */
        public InputRequests build() {
            if (items.isEmpty() && state == null) {
                throw new IllegalStateException("Input requests need at least one request or a state.");
            }
            return new InputRequests(Collections.unmodifiableMap(new LinkedHashMap<>(items)), state);
        }
    }
}
