package io.qicore.mcp.kafka.access;

import io.qicore.mcp.host.Settings;
import io.qicore.mcp.kafka.internal.http.BasicAuthorization;
import io.qicore.mcp.kafka.internal.http.HttpAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The connection to a schema registry with the REST API of Confluent, which Karapace, Apicurio (at {@code /apis/ccompat/v7}) and
 * Redpanda also have. A server with it decodes records that were written with registered schemas.
 *
 * <pre>{@code
 * var registry = RegistryConnection.to("https://registry:8081").basic("reader", password);
 * var server = new RecordsMCPServer(kafka, KafkaOptions.builder().registry(registry).build());
 * }</pre>
 *
 * <p>Immutable and thread-safe. {@link #toString()} does not show secrets.
 */
public final class RegistryConnection {

    /** The default of {@link #timeout()}: 2 seconds. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    private final URI url;
    private final Optional<String> authorization;
    private final Optional<Path> trustedCertificates;
    private final Duration timeout;

    private RegistryConnection(
            URI url, Optional<String> authorization, Optional<Path> trustedCertificates, Duration timeout) {
        this.url = url;
        this.authorization = authorization;
        this.trustedCertificates = trustedCertificates;
        this.timeout = timeout;
    }

    /**
     * Returns a connection without authentication.
     *
     * @param url the address, with {@code http} or {@code https} and the path of the API if it has one
     * @throws IllegalArgumentException if it is not such an address, or has a user, a query or a fragment
     */
    public static RegistryConnection to(String url) {
        String address = url.strip();
        if (!HttpAddress.isPlain(address)) {
            throw new IllegalArgumentException(
                    "A schema registry needs an address such as https://registry:8081, without" + " user and query.");
        }
        URI parsed = URI.create(address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
        return new RegistryConnection(parsed, Optional.empty(), Optional.empty(), DEFAULT_TIMEOUT);
    }

    /** Returns the connection that settings describe; empty if they do not name a registry. */
    static Optional<RegistryConnection> from(Settings settings) {
        return settings.find(KafkaSettings.REGISTRY_URL).map(url -> {
            RegistryConnection connection = to(url).timeout(settings.get(KafkaSettings.REGISTRY_TIMEOUT));
            Optional<String> token = settings.find(KafkaSettings.REGISTRY_TOKEN);
            Optional<String> user = settings.find(KafkaSettings.REGISTRY_USER);
            if (token.isPresent()) {
                connection = connection.bearer(token.get());
            } else if (user.isPresent()) {
                connection = connection.basic(
                        user.get(),
                        settings.find(KafkaSettings.REGISTRY_PASSWORD).orElse(""));
            }
            Optional<Path> ca = settings.find(KafkaSettings.REGISTRY_CA);
            return ca.isPresent() ? connection.trusting(ca.get()) : connection;
        });
    }

    /**
     * Returns a connection with a user and a password.
     *
     * @throws IllegalArgumentException if the user has a colon, which would begin the password
     */
    public RegistryConnection basic(String user, String password) {
        return authorizedBy(BasicAuthorization.of("a schema registry", Objects.requireNonNull(user, "user"), password));
    }

    /**
     * Returns a connection with a token.
     *
     * @throws IllegalArgumentException if it is empty or has anything but visible ASCII, such as the end of a line
     */
    public RegistryConnection bearer(String token) {
        if (!token.matches("[!-~]+")) {
            // The HTTP client would refuse it, too, and show it in its message.
            throw new IllegalArgumentException("The token of a schema registry must be visible ASCII without blanks.");
        }
        return authorizedBy("Bearer " + token);
    }

    private RegistryConnection authorizedBy(String header) {
        return new RegistryConnection(url, Optional.of(header), trustedCertificates, timeout);
    }

    /**
     * Returns a connection that trusts certificates instead of those of the JVM.
     *
     * @param pem a file with certificates in the form PEM, which is read when a server is created
     */
    public RegistryConnection trusting(Path pem) {
        return new RegistryConnection(url, authorization, Optional.of(pem), timeout);
    }

    /**
     * Returns a connection with another timeout of a request. Default: {@link #DEFAULT_TIMEOUT}.
     *
     * @throws IllegalArgumentException if it is not positive or more than a minute
     */
    public RegistryConnection timeout(Duration limit) {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "The timeout of a schema registry must be positive and at most a minute, not " + limit + ".");
        }
        return new RegistryConnection(url, authorization, trustedCertificates, limit);
    }

    /** Returns the address. */
    public URI url() {
        return url;
    }

    /** Returns the value of the header {@code Authorization}, which is a secret. */
    public Optional<String> authorization() {
        return authorization;
    }

    /** Returns the file with the trusted certificates; empty for those of the JVM. */
    public Optional<Path> trustedCertificates() {
        return trustedCertificates;
    }

    /** Returns how long a request may take. */
    public Duration timeout() {
        return timeout;
    }

    @Override
    public String toString() {
        return "RegistryConnection[" + url + "]";
    }
}
