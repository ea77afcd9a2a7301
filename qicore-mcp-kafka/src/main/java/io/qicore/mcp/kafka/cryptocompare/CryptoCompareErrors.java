package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What CryptoCompare says about failures, as agents should see it. The service reports most of them with HTTP status 200
 * and {@code "Response":"Error"} in the body.
 */
final class CryptoCompareErrors {

    private static final int RATE_LIMIT = 99;
    private static final int MAX_QUOTE = 200;

    private CryptoCompareErrors() {}

    /** The failure that a response reports, if it does. */
    static Optional<MCPToolError> in(int status, @Nullable JsonNode body) {
        boolean reported = body != null && "Error".equals(body.path("Response").asText());
        String message = reported ? quote(body.path("Message").asText()) : "";
        if (status == 401 || status == 403 || (reported && isAboutTheKey(message))) {
            return Optional.of(new MCPToolError(
                    StandardErrorCode.NOT_AUTHORIZED,
                    "CryptoCompare wants a valid API key for this" + said(message)
                            + " Whoever runs this server can set CRYPTO_COMPARE_API_KEY or CRYPTO_COMPARE_API_KEY_FILE.",
                    Map.of("status", status)));
        }
        if (status == 429 || (reported && body.path("Type").asInt() == RATE_LIMIT)) {
            return Optional.of(unavailable(
                    "CryptoCompare's rate limit is reached" + said(message) + " Wait a minute before the next call.",
                    status,
                    null));
        }
        if (status >= 500) {
            return Optional.of(unavailable(
                    "CryptoCompare failed with HTTP status " + status + said(message) + " Try again later.",
                    status,
                    null));
        }
        if (reported && isAboutTheSymbol(message)) {
            return Optional.of(new MCPToolError(
                    KafkaErrorCode.UNKNOWN_SYMBOL,
                    "CryptoCompare has no such market" + said(message)
                            + " Symbols are upper-case, such as BTC, and currencies such as USD.",
                    Map.of()));
        }
        if (reported || status != 200) {
            return Optional.of(permanent(
                    "CryptoCompare refused the request with HTTP status " + status + said(message), status, null));
        }
        return Optional.empty();
    }

    /** The service cannot be reached, or is too slow; a later call may succeed. */
    static MCPToolError unreachable(String detail, Throwable cause) {
        return new MCPToolError(
                KafkaErrorCode.MARKET_DATA_ERROR,
                "CryptoCompare " + detail + ". Nothing is wrong with the arguments; try again later.",
                Map.of(),
                cause);
    }

    /** The answer is not what the service is documented to send; a later call will not change that. */
    static MCPToolError unreadable(String detail, @Nullable Throwable cause) {
        return permanent("CryptoCompare answered " + detail + ".", 200, cause);
    }

    private static MCPToolError unavailable(String message, int status, @Nullable Throwable cause) {
        return new MCPToolError(KafkaErrorCode.MARKET_DATA_ERROR, message, Map.of("status", status), cause);
    }

    private static MCPToolError permanent(String message, int status, @Nullable Throwable cause) {
        ErrorCode code = KafkaErrorCode.MARKET_DATA_ERROR;
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

    private static String said(String message) {
        return message.isEmpty() ? "." : " (it says: \"" + message + "\").";
    }

    /** Foreign text: short and on one line. */
    private static String quote(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MAX_QUOTE ? line : line.substring(0, MAX_QUOTE) + "…";
    }
}
