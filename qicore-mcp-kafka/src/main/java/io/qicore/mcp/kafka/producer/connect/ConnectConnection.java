package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.kafka.internal.http.BasicAuthorization;
import io.qicore.mcp.kafka.internal.http.HttpAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The connection to the workers of a Kafka Connect cluster, by their REST API. Any worker answers for the whole cluster; if one does
 * not answer, the next one is asked.
 *
 * <pre>{@code
 * var connect = ConnectConnection.to("https://connect-1:8083", "https://connect-2:8083").basic("mcp", password);
 * }</pre>
 *
 * <p>Immutable and thread-safe. {@link #toString()} does not show secrets.
 */
public final class ConnectConnection {

    /** The default of {@link #timeout()}: 10 seconds. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final List<URI> workers;
    private final Optional<String> authorization;
    private final Optional<Path> trustedCertificates;
    private final Optional<SSLContext> sslContext;
    private final Duration timeout;

    private ConnectConnection(
            List<URI> workers,
            Optional<String> authorization,
            Optional<Path> trustedCertificates,
            Optional<SSLContext> sslContext,
            Duration timeout) {
        this.workers = workers;
        this.authorization = authorization;
        this.trustedCertificates = trustedCertificates;
        this.sslContext = sslContext;
        this.timeout = timeout;
    }

    /**
     * Returns a connection without authentication.
     *
     * @param urls the addresses of one or more workers of one cluster, with {@code http} or {@code https}
     * @throws IllegalArgumentException if there is none, or one is not such an address or has a user, a query or a fragment
     */
    public static ConnectConnection to(String... urls) {
        if (urls.length == 0 || !Arrays.stream(urls).map(String::strip).allMatch(HttpAddress::isPlain)) {
            throw new IllegalArgumentException(
                    "A connection to Kafka Connect needs addresses such as https://connect:8083, without user and query.");
        }
        List<URI> workers = Arrays.stream(urls)
                .map(String::strip)
                .map(url -> URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url))
                .distinct()
                .toList();
        return new ConnectConnection(workers, Optional.empty(), Optional.empty(), Optional.empty(), DEFAULT_TIMEOUT);
    }

    /**
     * Returns a connection with a user and a password, which are sent to the workers with every request.
     *
     * @throws IllegalArgumentException if the user has a colon, which would begin the password
     */
    public ConnectConnection basic(String user, String password) {
        return new ConnectConnection(
                workers,
                Optional.of(BasicAuthorization.of("Kafka Connect", user, password)),
                trustedCertificates,
                sslContext,
                timeout);
    }

    /**
     * Returns a connection that trusts certificates instead of those of the JVM.
     *
     * @param pem a file with certificates in the form PEM, which is read when a runtime is built
     */
    public ConnectConnection trusting(Path pem) {
        return new ConnectConnection(workers, authorization, Optional.of(pem), Optional.empty(), timeout);
    }

    /** Returns a connection with a TLS context, such as one with a client certificate. */
    public ConnectConnection ssl(SSLContext context) {
        return new ConnectConnection(workers, authorization, Optional.empty(), Optional.of(context), timeout);
    }

    /**
     * Returns a connection with another timeout of a request to one worker. Default: {@link #DEFAULT_TIMEOUT}.
     *
     * @throws IllegalArgumentException if it is not positive or more than two minutes
     */
    public ConnectConnection timeout(Duration limit) {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofMinutes(2)) > 0) {
            throw new IllegalArgumentException(
                    "The timeout of Kafka Connect must be positive and at most two minutes, not " + limit + ".");
        }
        return new ConnectConnection(workers, authorization, trustedCertificates, sslContext, limit);
    }

    /** Returns the addresses of the workers. */
    public List<URI> workers() {
        return workers;
    }

    /** Returns how long a request to one worker may take. */
    public Duration timeout() {
        return timeout;
    }

    Optional<String> authorization() {
        return authorization;
    }

    Optional<Path> trustedCertificates() {
        return trustedCertificates;
    }

    Optional<SSLContext> sslContext() {
        return sslContext;
    }

    @Override
    public String toString() {
        return "ConnectConnection" + workers;
    }
}
