package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one request at a time for a source that must not block, and keeps to the rate limit of the service: after a response
 * that says that nothing is left, or a refusal, the next request is sent when the limit is lifted. Used by one thread.
 */
final class Fetcher {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(3);

    private static final Logger log = LoggerFactory.getLogger(Fetcher.class);

    private final CryptoCompareClient client;
    private final Clock clock;
    private @Nullable CompletableFuture<CryptoCompareClient.Answer> pending;
    private Instant notBefore = Instant.MIN;

    Fetcher(CryptoCompareClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Sends the request, unless it has been sent, and waits for the answer.
     *
     * @return the answer; null if it has not come in time, or a limit is reached: ask again then
     * @throws MCPToolError if the request failed for another reason than a limit
     */
    @Nullable
    JsonNode fetch(String path, Map<String, String> query, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        if (pending == null) {
            Duration wait = Duration.between(clock.instant(), notBefore);
            if (notBefore.isAfter(clock.instant())) {
                pause(wait.compareTo(timeout) < 0 ? wait : timeout);
                if (wait.compareTo(timeout) >= 0) {
                    return null;
                }
            }
            pending = client.send(path, query, TIMEOUT);
        }
        try {
            var answer = pending.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            pending = null;
            notBefore = clock.instant().plus(answer.waitNext());
            return answer.body();
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            pending = null;
            MCPToolError error = CryptoCompareClient.failure(e);
            if (error.is(StandardErrorCode.EXTERNAL_SERVICE_ERROR)) {
                // An answer that cannot be read is a reason to try again for a source that runs for weeks.
                throw new MCPToolError(
                        StandardErrorCode.EXTERNAL_SERVICE_ERROR, error.getMessage(), error.context(), error);
            }
            if (!error.is(KafkaErrorCode.RATE_LIMITED)) {
                throw error;
            }
            notBefore = clock.instant().plus(CryptoCompareErrors.waitAfter(error));
            return null;
        }
    }

    /**
     * Requires that the service has the markets, as far as it can be asked now: a limit or a failure says nothing about them.
     *
     * @throws MCPToolError if it does not, or requires a key
     */
    static void requireMarkets(CryptoCompareClient client, List<String> symbols, String currency)
            throws InterruptedException {
        try {
            JsonNode prices = client.get("/data/pricemulti", pricesOf(symbols, currency), CHECK_TIMEOUT);
            for (String symbol : symbols) {
                if (!prices.path(symbol).has(currency)) {
                    throw CryptoCompareErrors.invalidSymbol(": " + symbol + "-" + currency + ".");
                }
            }
        } catch (MCPToolError e) {
            if (e.is(KafkaErrorCode.INVALID_SYMBOL) || e.is(KafkaErrorCode.UNAUTHORIZED)) {
                throw e;
            }
            log.debug("The markets could not be checked", e);
        }
    }

    /** Returns the query for the current prices. */
    static Map<String, String> pricesOf(List<String> symbols, String currency) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("fsyms", String.join(",", symbols));
        query.put("tsyms", currency);
        return query;
    }

    static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, time.toNanos()));
    }

    void close() {
        if (pending != null) {
            pending.cancel(true);
        }
    }
}
