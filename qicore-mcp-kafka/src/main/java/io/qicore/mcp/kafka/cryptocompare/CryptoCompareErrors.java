package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.TlsFailures;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns failures that CryptoCompare reports into errors for agents. The service reports most of them with HTTP status 200
 * and {@code "Response":"Error"} in the body.
 */
final class CryptoCompareErrors {

    private static final int RATE_LIMIT = 99;
    private static final int MAX_QUOTE = 200;

    private CryptoCompareErrors() {}

    /** Returns the failure that a response reports, or empty if it reports none. */
    static Optional<MCPToolError> in(int status, @Nullable JsonNode body) {
        boolean reported = body != null && "Error".equals(body.path("Response").asText());
        String message = reported ? quote(body.path("Message").asText()) : "";
        if (status == 401 || status == 403 || (reported && isAboutTheKey(message))) {
            return Optional.of(new MCPToolError(
                    StandardErrorCode.NOT_AUTHORIZED,
                    "CryptoCompare requires a valid API key for this request" + said(message)
                            + " The operator of this server can set CRYPTO_COMPARE_API_KEY or CRYPTO_COMPARE_API_KEY_FILE.",
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
                    "CryptoCompare does not have this market" + said(message)
                            + " Symbols are upper-case, such as BTC, and currencies such as USD.",
                    Map.of()));
        }
        if (reported || status != 200) {
            return Optional.of(permanent(
                    "CryptoCompare refused the request with HTTP status " + status + said(message), status, null));
        }
        return Optional.empty();
    }

    /**
     * Returns the error for a service that cannot be reached or does not answer in time. A later call may succeed, unless
     * this server does not trust its certificate.
     */
    static MCPToolError unreachable(String detail, Throwable cause) {
        if (TlsFailures.untrusted(cause) != null) {
            return new MCPToolError(
                    KafkaErrorCode.MARKET_DATA_ERROR.name(),
                    "This server does not trust the TLS certificate of CryptoCompare. Its operator has to check the"
                            + " truststore of the JVM, and proxies that replace certificates.",
                    Map.of(),
                    false,
                    cause);
        }
        return new MCPToolError(
                KafkaErrorCode.MARKET_DATA_ERROR,
                "CryptoCompare " + detail + ". The arguments are not the cause; try again later.",
                Map.of(),
                cause);
    }

    /** Returns the error for an answer that differs from the documentation of the service; a later call will not help. */
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
        return message.isEmpty() ? "." : " (it answered: \"" + message + "\").";
    }

    /** Returns text of the service, shortened and on one line. */
    private static String quote(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MAX_QUOTE ? line : line.substring(0, MAX_QUOTE) + "…";
    }
}
