package io.qicore.mcp.client.endpoint;

import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.header.HeaderText;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server at an HTTP address: Streamable HTTP, or HTTP+SSE of 2024-11-05. Redirects are not followed, so that no credentials
 * reach another host. Immutable.
 *
 * <pre>{@code
 * HttpEndpoint.of(URI.create("https://mcp.example/mcp")).withApiKey(key)
 * }</pre>
 */
public final class HttpEndpoint implements ServerEndpoint {

    /** The default of {@link #withConnectTimeout}: 5 seconds. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** The default of {@link #withMaxMessageBytes}: 64 MiB. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = MessageLimit.DEFAULT;

    /** The headers that the client or the JDK sets itself, in lower case. */
    private static final Set<String> OWN = Set.of(
            "accept",
            "connection",
            "content-length",
            "content-type",
            "expect",
            "host",
            "last-event-id",
            "mcp-method",
            "mcp-name",
            "mcp-protocol-version",
            "mcp-session-id",
            "transfer-encoding",
            "upgrade");

    private final URI uri;
    private final boolean sse;
    private final Map<String, String> headers;
    private final Duration connectTimeout;
    private final int maxMessageBytes;
    private final @Nullable HttpClient client;
    private final @Nullable HttpAuthorization authorization;

    private HttpEndpoint(
            URI uri,
            boolean sse,
            Map<String, String> headers,
            Duration connectTimeout,
            int maxMessageBytes,
            @Nullable HttpClient client,
            @Nullable HttpAuthorization authorization) {
        this.uri = uri;
        this.sse = sse;
        this.headers = headers;
        this.connectTimeout = connectTimeout;
        this.maxMessageBytes = maxMessageBytes;
        this.client = client;
        this.authorization = authorization;
    }

    /**
     * Returns the endpoint of a server with Streamable HTTP. If the server has only HTTP+SSE of 2024-11-05 there, a client that
     * may use older revisions finds that out.
     *
     * @param uri the address, such as {@code http://127.0.0.1:8081/mcp}
     * @throws IllegalArgumentException if it is not an {@code http} or {@code https} address with a host, or contains a user name
     */
    public static HttpEndpoint of(URI uri) {
        return of(uri, false);
    }

    /**
     * Returns the endpoint of a server with HTTP+SSE of 2024-11-05.
     *
     * @param uri the address of the event stream, such as {@code http://127.0.0.1:8081/sse}
     * @throws IllegalArgumentException if it is not an {@code http} or {@code https} address with a host, or contains a user name
     */
    public static HttpEndpoint sse(URI uri) {
        return of(uri, true);
    }

    private static HttpEndpoint of(URI uri, boolean sse) {
        Objects.requireNonNull(uri, "uri");
        boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!isHttp || uri.getHost() == null || uri.getRawUserInfo() != null) {
            // Not quoted, because it may contain a password.
            throw new IllegalArgumentException(
                    "uri must be an http or https address with a host and without a user name, "
                            + "such as http://127.0.0.1:8081/mcp. Pass credentials as a header.");
        }
        return new HttpEndpoint(uri, sse, Map.of(), DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_MESSAGE_BYTES, null, null);
    }

    /**
     * Returns a copy that sends an API key with each request, as {@code Authorization: Bearer}.
     *
     * @throws IllegalArgumentException if the key is not visible ASCII
     */
    public HttpEndpoint withApiKey(String key) {
        return withHeader("Authorization", "Bearer " + Objects.requireNonNull(key, "key"));
    }

    /**
     * Returns a copy that sends one more header with each request. It replaces one of the same name. Its value is not shown in
     * messages and logs.
     *
     * @throws IllegalArgumentException if the client sets the header itself, or name or value are not visible ASCII
     */
    public HttpEndpoint withHeader(String name, String value) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        String lower = name.toLowerCase(Locale.ROOT);
        if (OWN.contains(lower) || lower.startsWith("mcp-param-")) {
            throw new IllegalArgumentException("The header " + name + " cannot be set: the client sets it itself.");
        }
        if (name.isEmpty() || !HeaderText.isPlain(name) || name.indexOf(' ') >= 0 || !HeaderText.isPlain(value)) {
            throw new IllegalArgumentException("name and value of a header must be visible ASCII.");
        }
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(name, value);
        return new HttpEndpoint(
                uri, sse, Collections.unmodifiableMap(more), connectTimeout, maxMessageBytes, client, authorization);
    }

    /**
     * Returns a copy with another limit of the time to connect. Default: {@link #DEFAULT_CONNECT_TIMEOUT}. Without effect on a
     * client of the application's own.
     *
     * @throws IllegalArgumentException if it is not positive or longer than 24 hours
     */
    public HttpEndpoint withConnectTimeout(Duration timeout) {
        return new HttpEndpoint(
                uri, sse, headers, Timeouts.checked("timeout", timeout), maxMessageBytes, client, authorization);
    }

    /**
     * Returns a copy with another limit of one message of the server. A larger one fails the call. Default:
     * {@link #DEFAULT_MAX_MESSAGE_BYTES}.
     *
     * @throws IllegalArgumentException if it is less than 1 KiB or more than 1 GiB
     */
    public HttpEndpoint withMaxMessageBytes(int bytes) {
        return new HttpEndpoint(uri, sse, headers, connectTimeout, MessageLimit.checked(bytes), client, authorization);
    }

    /**
     * Returns a copy that uses the application's own HTTP client, for example with a proxy or client certificates. It is not
     * closed with the MCP client. Default: one for each MCP client, closed with it.
     *
     * @throws IllegalArgumentException if it follows redirects, which would pass credentials to other hosts
     */
    public HttpEndpoint withHttpClient(HttpClient own) {
        Objects.requireNonNull(own, "own");
        if (own.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("The HTTP client must not follow redirects.");
        }
        return new HttpEndpoint(uri, sse, headers, connectTimeout, maxMessageBytes, own, authorization);
    }

    /**
     * Returns a copy whose requests get their credentials from an authorization, such as
     * {@code io.qicore.mcp.client.oauth.OAuth}. Not for HTTP+SSE.
     */
    public HttpEndpoint withAuthorization(HttpAuthorization source) {
        Objects.requireNonNull(source, "source");
        return new HttpEndpoint(uri, sse, headers, connectTimeout, maxMessageBytes, client, source);
    }

    /** Returns what gives requests their credentials, or null. */
    public @Nullable HttpAuthorization authorization() {
        return authorization;
    }

    /** Returns the address. */
    public URI uri() {
        return uri;
    }

    /** Returns whether the server has only HTTP+SSE of 2024-11-05. */
    public boolean isSse() {
        return sse;
    }

    /** Returns the headers that are sent with each request. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Returns the limit of the time to connect. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** Returns the limit of one message of the server, in bytes. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Returns the application's own HTTP client, or null. */
    public @Nullable HttpClient httpClient() {
        return client;
    }

    /** Returns the address without its query, which may contain credentials. */
    @Override
    public String toString() {
        String text = uri.toString();
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }
}
