package io.qicore.mcp.internal.client.http;

import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.error.HttpAnswer;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.header.HeaderText;
import io.qicore.mcp.internal.header.MediaType;
import io.qicore.mcp.internal.log.LogText;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What the channels over HTTP have in common: requests with the headers of the endpoint, answers, errors. */
final class Http {

    static final String SESSION = "Mcp-Session-Id";
    static final String LAST_EVENT_ID = "Last-Event-ID";
    static final String ACCEPT = "Accept";

    private Http() {}

    /** Returns a request with the headers of the endpoint and those of the message. */
    static HttpRequest.Builder request(HttpEndpoint endpoint, URI uri, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        endpoint.headers().forEach(request::setHeader);
        headers.forEach(request::setHeader);
        return request;
    }

    static boolean isEvents(int status, HttpHeaders headers) {
        return status == 200 && MediaType.EVENTS.equals(type(headers));
    }

    /** Returns the media type of an answer in lower case, without parameters; empty if there is none. */
    static String type(HttpHeaders headers) {
        MediaType type =
                headers.firstValue("Content-Type").map(MediaType::parse).orElse(null);
        return type == null ? "" : type.name();
    }

    static HttpAnswer answer(int status, HttpHeaders headers) {
        List<String> challenges = headers.allValues(Reply.CHALLENGE);
        return new HttpAnswer(
                status,
                challenges.isEmpty() ? null : String.join(", ", challenges),
                headers.firstValue(Reply.RETRY_AFTER)
                        .flatMap(text -> retryAfter(text, headers))
                        .orElse(null));
    }

    /** Returns the time that a server asks to wait: seconds, or a date beside that of the answer. */
    private static Optional<Duration> retryAfter(String text, HttpHeaders headers) {
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        return date(text).map(then -> {
            // The clock of the server is what the date was made with.
            Instant now = headers.firstValue("Date").flatMap(Http::date).orElseGet(Instant::now);
            Duration wait = Duration.between(now, then);
            return wait.isNegative() ? Duration.ZERO : wait;
        });
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(HeaderText.trim(text), Instant::from));
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }

    /** Returns the error of an answer that is not one of an MCP server. */
    static MCPConnectionException notMcp(HttpEndpoint endpoint, int status, HttpHeaders headers, String what) {
        HttpAnswer answer = answer(status, headers);
        if (status >= 300 && status < 400) {
            String to = headers.firstValue("Location").map(Http::hostOf).orElse("nowhere");
            return new MCPConnectionException(
                    endpoint + " redirects to " + to + " (HTTP status " + status
                            + "). Redirects are not followed: use the address that it redirects to.",
                    answer,
                    null);
        }
        String hint = status == 401
                ? "it wants credentials, which HttpEndpoint.withApiKey and withAuthorization give"
                : "is it an MCP server?";
        return new MCPConnectionException(
                endpoint + " answered with HTTP status " + status + " " + what + ": " + hint
                        + (status == 401 ? "." : ""),
                answer,
                null);
    }

    private static String hostOf(String location) {
        try {
            String host = URI.create(location).getHost();
            return host == null ? "another path" : LogText.of(host);
        } catch (IllegalArgumentException malformed) {
            return "an address that is not valid";
        }
    }

    /** Returns the error for a request that failed without an answer. */
    static MCPClientException failure(HttpEndpoint endpoint, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof MCPClientException known) {
            return known;
        }
        String why = cause instanceof HttpConnectTimeoutException
                ? "it does not accept the connection in time"
                : cause instanceof ConnectException
                        ? "nothing listens there"
                        : cause == null || cause.getMessage() == null
                                ? String.valueOf(cause)
                                : LogText.of(cause.getMessage());
        return new MCPConnectionException("Cannot reach " + endpoint + ": " + why + ".", cause);
    }
}
