package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.internal.client.channel.MessageJson;
import io.qicore.mcp.internal.client.feature.ResponseCache.Freshness;
import io.qicore.mcp.internal.client.protocol.Protocol;
import io.qicore.mcp.internal.client.protocol.RequestOptions;
import io.qicore.mcp.internal.client.protocol.Scope;
import io.qicore.mcp.internal.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Requests whole lists, page by page, and keeps them as long as the server allows. Thread-safe. */
final class Lists {

    /** How many items a list may have. */
    private static final int MAX_ITEMS = 100_000;

    /** How many pages a list may have; a server could return empty ones for ever. */
    private static final int MAX_PAGES = 1_000;

    /** About how many bytes the items of a list may take up. */
    private static final long MAX_BYTES = 64 << 20;

    private final Protocol protocol;
    private final ResponseCache cache;

    Lists(Protocol protocol, ResponseCache cache) {
        this.protocol = protocol;
        this.cache = cache;
    }

    /**
     * Returns all items.
     *
     * @param member the member of the result that has the items
     */
    @SuppressWarnings("unchecked")
    CompletableFuture<List<JsonNode>> all(Scope scope, String method, String member) {
        List<JsonNode> cached = cache.get(method, List.class);
        return cached != null
                ? CompletableFuture.completedFuture(cached)
                : new Reading(scope, method, member).next(null);
    }

    private final class Reading {

        private final Scope scope;
        private final String method;
        private final String member;
        private final long since = cache.changes();
        private final List<JsonNode> items = new ArrayList<>();
        private final Set<JsonNode> cursors = new HashSet<>();
        private Freshness freshness = Freshness.LONGEST;
        private long bytes;

        Reading(Scope scope, String method, String member) {
            this.scope = scope;
            this.method = method;
            this.member = member;
        }

        CompletableFuture<List<JsonNode>> next(@Nullable JsonNode cursor) {
            ObjectNode params = Json.object();
            if (cursor != null) {
                params.set("cursor", cursor);
            }
            return protocol.request(scope, method, params, RequestOptions.NONE).thenCompose(page -> {
                if (!page.path(member).isArray()) {
                    return failed("answered " + method + " without " + member);
                }
                page.get(member).forEach(items::add);
                bytes += MessageJson.size(page);
                freshness = freshness.and(Freshness.of(page));
                JsonNode following = page.path("nextCursor");
                if (following.isMissingNode() || following.isNull()) {
                    List<JsonNode> all = List.copyOf(items);
                    cache.put(method, all, freshness, bytes, since);
                    return CompletableFuture.completedFuture(all);
                }
                if (!cursors.add(following)) {
                    return failed("returns the same page of " + method + " again and again");
                }
                if (items.size() > MAX_ITEMS || cursors.size() > MAX_PAGES || bytes > MAX_BYTES) {
                    return failed("has more than " + MAX_ITEMS + " items, " + MAX_PAGES + " pages or " + MAX_BYTES
                            + " bytes in " + method);
                }
                return next(following);
            });
        }

        private CompletableFuture<List<JsonNode>> failed(String what) {
            return CompletableFuture.failedFuture(new MCPConnectionException(protocol + " " + what + ".", null));
        }
    }
}
