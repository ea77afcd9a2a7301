package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.internal.http.BoundedBody;
import io.qicore.mcp.tool.Json;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A client of CryptoCompare's REST API. Thread-safe. */
final class CryptoCompareClient {

    /** The largest response that is read. One with 2000 candles has about 350 KB, the list of all symbols a few MB. */
    static final int MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http;
    private final String baseUrl;
    private final @Nullable String apiKey;

    CryptoCompareClient(HttpClient http, URI baseUrl, @Nullable String apiKey) {
        this.http = http;
        this.baseUrl = baseUrl.toString().replaceFirst("/+$", "");
        this.apiKey = apiKey;
    }

    /** Returns a client that never follows redirects, which would take the key along. */
    static HttpClient http() {
        return HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * The body of a response, and how long to wait before the next request.
     *
     * @param waitNext zero, unless a limit is reached
     */
    record Answer(JsonNode body, Duration waitNext) {}

    /**
     * Sends a GET request and returns the body of the response.
     *
     * @throws io.qicore.mcp.tool.MCPToolError for every failure
     * @throws InterruptedException if the caller is interrupted; the request is cancelled
     */
    JsonNode get(String path, Map<String, String> query, Duration timeout) throws InterruptedException {
        CompletableFuture<Answer> answer = send(path, query, timeout);
        try {
            return answer.get().body();
        } catch (ExecutionException e) {
            throw failure(e);
        } finally {
            answer.cancel(true);
        }
    }

    /**
     * Sends a GET request. Does not wait. The answer fails with an {@link MCPToolError}; when it is cancelled, so is the request.
     *
     * @param timeout the time for the whole response
     */
    CompletableFuture<Answer> send(String path, Map<String, String> query, Duration timeout) {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request(path, query), BoundedBody.atMost(MAX_RESPONSE_BYTES));
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        exchange.whenComplete((response, failure) -> {
            try {
                if (failure != null) {
                    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                    throw CryptoCompareErrors.unreachable(
                            "cannot be reached (" + cause.getClass().getSimpleName() + ")", cause);
                }
                answer.complete(new Answer(parse(response), RateLimits.waitAfter(response.headers())));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        answer.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                // Ends the exchange if it is still in progress.
                .whenComplete((received, failure) -> exchange.cancel(true));
        return answer.handle((received, failure) -> {
            if (failure instanceof TimeoutException e) {
                throw CryptoCompareErrors.unreachable("did not answer within " + timeout.toMillis() + " ms", e);
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            return received;
        });
    }

    /** Returns the error of an answer. */
    static MCPToolError failure(ExecutionException failed) {
        if (failed.getCause() instanceof MCPToolError error) {
            return error;
        }
        throw new IllegalStateException("CryptoCompare's answer could not be read", failed);
    }

    private HttpRequest request(String path, Map<String, String> query) {
        String parameters = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(baseUrl + path + "?" + parameters))
                .header("Accept", "application/json")
                .GET();
        if (apiKey != null) {
            request.header("Authorization", "Apikey " + apiKey);
        }
        return request.build();
    }

    private static JsonNode parse(HttpResponse<byte[]> response) {
        JsonNode body = null;
        IOException failure = null;
        try {
            body = Json.MAPPER.readTree(response.body());
        } catch (IOException e) {
            failure = e;
        }
        CryptoCompareErrors.in(response.statusCode(), response.headers(), body).ifPresent(error -> {
            throw error;
        });
        if (body == null || !body.isObject()) {
            throw CryptoCompareErrors.unreadable("something that is not a JSON object", failure);
        }
        return body;
    }
}
