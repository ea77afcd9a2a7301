package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.TlsFailures;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns failures that CryptoCompare reports into errors for agents. The service reports most of them with HTTP status 200
 * and {@code "Response":"Error"} in the body.
 */
final class CryptoCompareErrors {

    // The "Type" of the envelope.
    private static final int RATE_LIMIT = 99;
    private static final int MAX_QUOTE = 200;

    private CryptoCompareErrors() {}

    /** Returns the failure that a response reports, or empty if it reports none. */
    static Optional<MCPToolError> in(int status, HttpHeaders headers, @Nullable JsonNode body) {
        boolean reported = body != null && "Error".equals(body.path("Response").asText());
        String message = reported ? quote(body.path("Message").asText()) : "";
        if (status == 429 || (reported && body.path("Type").asInt() == RATE_LIMIT)) {
            return Optional.of(rateLimited(said(message), RateLimits.waitAfterRefusal(headers, Instant.now())));
        }
        if (status == 401 || status == 403 || (reported && isAboutTheKey(message))) {
            return Optional.of(unauthorized(said(message)));
        }
        if (status >= 500) {
            return Optional.of(new MCPToolError(
                    StandardErrorCode.EXTERNAL_SERVICE_ERROR,
                    "CryptoCompare failed with HTTP status " + status + said(message) + " Try again later.",
                    Map.of("status", status)));
        }
        if (reported && isAboutTheSymbol(message)) {
            return Optional.of(invalidSymbol(said(message)));
        }
        if (reported || status != 200) {
            return Optional.of(permanent(
                    "CryptoCompare refused the request with HTTP status " + status + said(message), status, null));
        }
        return Optional.empty();
    }

    /** Returns the error for a limit that is reached. */
    static MCPToolError rateLimited(String said, Duration wait) {
        long seconds = wait.plusMillis(999).toSeconds();
        return new MCPToolError(
                KafkaErrorCode.RATE_LIMITED,
                "CryptoCompare's rate limit is reached" + said + " Call again in " + seconds + " seconds.",
                Map.of("retryAfterSeconds", seconds));
    }

    /** Returns how long to wait after an error that {@link #rateLimited} made. */
    static Duration waitAfter(MCPToolError rateLimited) {
        return rateLimited.context().get("retryAfterSeconds") instanceof Number seconds
                ? Duration.ofSeconds(seconds.longValue())
                : RateLimits.DEFAULT_WAIT;
    }

    /** Returns the error for a request without a valid key. */
    static MCPToolError unauthorized(String said) {
        return new MCPToolError(
                KafkaErrorCode.UNAUTHORIZED,
                "CryptoCompare requires a valid API key for this request" + said
                        + " The operator of this server can set CRYPTO_COMPARE_API_KEY or CRYPTO_COMPARE_API_KEY_FILE.",
                Map.of());
    }

    /** Returns the error for a market that does not exist. */
    static MCPToolError invalidSymbol(String said) {
        return new MCPToolError(
                KafkaErrorCode.INVALID_SYMBOL,
                "CryptoCompare does not have this market" + said
                        + " Symbols are upper-case, such as BTC, and currencies such as USD. list_symbols finds symbols.",
                Map.of());
    }

    /**
     * Returns the error for a service that cannot be reached or does not answer in time. A later call may succeed, unless
     * this server does not trust its certificate.
     */
    static MCPToolError unreachable(String detail, Throwable cause) {
        if (TlsFailures.untrusted(cause) != null) {
            return new MCPToolError(
                    StandardErrorCode.EXTERNAL_SERVICE_ERROR.name(),
                    "This server does not trust the TLS certificate of CryptoCompare. Its operator has to check the"
                            + " truststore of the JVM, and proxies that replace certificates.",
                    Map.of(),
                    false,
                    cause);
        }
        return new MCPToolError(
                StandardErrorCode.EXTERNAL_SERVICE_ERROR,
                "CryptoCompare " + detail + ". The arguments are not the cause; try again later.",
                Map.of(),
                cause);
    }

    /** Returns the error for an answer that differs from the documentation of the service; a later call will not help. */
    static MCPToolError unreadable(String detail, @Nullable Throwable cause) {
        return permanent("CryptoCompare answered " + detail + ".", 200, cause);
    }

    private static MCPToolError permanent(String message, int status, @Nullable Throwable cause) {
        ErrorCode code = StandardErrorCode.EXTERNAL_SERVICE_ERROR;
        return new MCPToolError(code.name(), message, Map.of("status", status), false, cause);
    }

    private static boolean isAboutTheKey(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("api key") || text.contains("api_key") || text.contains("auth key");
    }

    private static boolean isAboutTheSymbol(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("no data for")
                || text.contains("does not exist for this coin pair")
                || text.contains("market does not exist");
    }

    /** Completes a sentence with what the service said. */
    static String said(String message) {
        return message.isEmpty() ? "." : " (it answered: \"" + message + "\").";
    }

    /** Returns text of the service, shortened and on one line. */
    static String quote(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MAX_QUOTE ? line : line.substring(0, MAX_QUOTE) + "…";
    }
}
