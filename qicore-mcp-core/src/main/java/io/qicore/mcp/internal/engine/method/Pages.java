package io.qicore.mcp.internal.engine.method;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.engine.call.Request;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** Divides lists into pages. A cursor names the last item of its page, so that any replica can continue from there. */
public final class Pages {

    private Pages() {}

    /**
     * Returns one page as a result.
     *
     * @param member name of the list in the result
     * @param key tells items apart and outlives changes of the list
     */
    static <T> ObjectNode page(
            Request request,
            String member,
            List<T> items,
            int size,
            Function<T, String> key,
            Function<T, ObjectNode> definition)
            throws RpcException {
        int from = start(request.params().get("cursor"), items, key);
        int to = Math.min(items.size(), from + size);
        ObjectNode result = Json.object();
        ArrayNode list = result.putArray(member);
        for (T item : items.subList(from, to)) {
            list.add(request.revision().define(definition.apply(item)));
        }
        if (to < items.size()) {
            result.put("nextCursor", encode(key.apply(items.get(to - 1))));
        }
        return result;
    }

    private static <T> int start(
            @org.jspecify.annotations.Nullable JsonNode cursor, List<T> items, Function<T, String> key)
            throws RpcException {
        if (cursor == null || cursor.isNull()) {
            return 0;
        }
        for (int i = 0; i < items.size(); i++) {
            if (encode(key.apply(items.get(i))).equals(cursor.textValue())) {
                return i + 1;
            }
        }
        throw RpcException.invalidParams("Unknown cursor: begin again without one.");
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }
}
