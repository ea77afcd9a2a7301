package io.qicore.mcp.internal.engine.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.Replies;
import io.qicore.mcp.internal.json.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The progress notifications of one request: only with a progress token, finite and increasing. Thread-safe. */
public final class Progress {

    private final @Nullable JsonNode token;
    private double last = Double.NEGATIVE_INFINITY;

    Progress(@Nullable JsonNode token) {
        this.token = token != null && (token.isTextual() || token.isIntegralNumber()) ? token : null;
    }

    public synchronized Optional<ObjectNode> notification(
            double done, @Nullable Double total, @Nullable String message) {
        if (token == null || !(done > last) || !Double.isFinite(done)) {
            return Optional.empty();
        }
        last = done;
        ObjectNode params = Json.object();
        params.set("progressToken", token);
        params.put("progress", done);
        if (total != null && Double.isFinite(total)) {
            params.put("total", total);
        }
        if (message != null) {
            params.put("message", message);
        }
        return Optional.of(Replies.notification(MethodNames.PROGRESS, params));
    }
}
