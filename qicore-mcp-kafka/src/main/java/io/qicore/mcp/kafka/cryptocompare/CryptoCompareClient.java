package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.internal.http.BoundedBody;
import io.qicore.mcp.tool.Json;
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

    /** The largest response that is read. A response with 2000 candles has about 350 KB. */
    static final int MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http;
    private final String baseUrl;
    private final @Nullable String apiKey;

    CryptoCompareClient(URI baseUrl, @Nullable String apiKey) {
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.baseUrl = baseUrl.toString().replaceFirst("/+$", "");
        this.apiKey = apiKey;
    }

    /**
     * Sends a GET request and returns the body of the response.
     *
     * @throws io.qicore.mcp.tool.MCPToolError for every failure
     * @throws InterruptedException if the caller is interrupted; the request is cancelled
     */
    JsonNode get(String path, Map<String, String> query, Duration timeout) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> call =
                http.sendAsync(request(path, query), BoundedBody.atMost(MAX_RESPONSE_BYTES));
        try {
            return parse(call.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw CryptoCompareErrors.unreachable("did not answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw CryptoCompareErrors.unreachable(
                    "cannot be reached (" + cause.getClass().getSimpleName() + ")", cause);
        } finally {
            // Ends the exchange if it is still in progress.
            call.cancel(true);
        }
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
        CryptoCompareErrors.in(response.statusCode(), body).ifPresent(error -> {
            throw error;
        });
        if (body == null || !body.isObject()) {
            throw CryptoCompareErrors.unreadable("something that is not a JSON object", failure);
        }
        return body;
    }
}
