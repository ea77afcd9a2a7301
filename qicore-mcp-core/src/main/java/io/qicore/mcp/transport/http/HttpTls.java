package io.qicore.mcp.transport.http;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * TLS of an {@link HttpTransport}: the files with its certificate and its key, and whether clients need certificates. The files are read
 * again when they have changed, within {@value #RELOAD_SECONDS} seconds; open connections go on. If they are wrong then, an error is
 * logged and the certificate in use stays. TLS 1.2 and 1.3 are spoken.
 *
 * <pre>{@code
 * HttpTls tls = HttpTls.pem(Path.of("/etc/mcp/tls.crt"), Path.of("/etc/mcp/tls.key"))
 *         .withClientCertificates(HttpTls.Clients.NEED, Path.of("/etc/mcp/clients.crt"));
 * }</pre>
 *
 * <p>Clients' certificates are checked against the given certificate authorities and their time, not against lists of revoked ones.
 * Immutable and thread-safe.
 */
public final class HttpTls {

    /** How long a change of the files may take to be noticed, in seconds. */
    public static final int RELOAD_SECONDS = 5;

    /** Whether clients have certificates. */
    public enum Clients {
        /** They are not asked for one. */
        NONE,
        /** They may have one. */
        WANT,
        /** They cannot connect without one. */
        NEED
    }

    private final @Nullable Path certificate;
    private final @Nullable Path key;
    private final @Nullable Path keyStore;
    private final String password;
    private final Clients clients;
    private final @Nullable Path authorities;

    private HttpTls(
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Path keyStore,
            String password,
            Clients clients,
            @Nullable Path authorities) {
        this.certificate = certificate;
        this.key = key;
        this.keyStore = keyStore;
        this.password = password;
        this.clients = clients;
        this.authorities = authorities;
    }

    /**
     * Returns TLS with files in PEM.
     *
     * @param certificate the certificate of the server, followed by those that lead to its certificate authority
     * @param key its key as unencrypted PKCS#8 ({@code BEGIN PRIVATE KEY}): RSA, elliptic curve or Ed25519
     */
    public static HttpTls pem(Path certificate, Path key) {
        return new HttpTls(
                Objects.requireNonNull(certificate, "certificate"),
                Objects.requireNonNull(key, "key"),
                null,
                "",
                Clients.NONE,
                null);
    }

    /**
     * Returns TLS with a keystore that has one key.
     *
     * @param keyStore a file in PKCS#12 or JKS
     * @param password the password of the file and of the key
     */
    public static HttpTls keyStore(Path keyStore, String password) {
        return new HttpTls(
                null,
                null,
                Objects.requireNonNull(keyStore, "keyStore"),
                Objects.requireNonNull(password, "password"),
                Clients.NONE,
                null);
    }

    /**
     * Returns a copy that asks clients for certificates. {@link io.qicore.mcp.auth.ClientCertificates} makes callers of them.
     *
     * @param newClients whether clients need one
     * @param newAuthorities the certificates in PEM of the authorities that sign those of the clients
     */
    public HttpTls withClientCertificates(Clients newClients, Path newAuthorities) {
        return new HttpTls(
                certificate,
                key,
                keyStore,
                password,
                Objects.requireNonNull(newClients, "newClients"),
                Objects.requireNonNull(newAuthorities, "newAuthorities"));
    }

    /** Returns whether clients have certificates. */
    public Clients clients() {
        return clients;
    }

    /**
     * Reads the files, as the transport does when it starts.
     *
     * @throws IllegalArgumentException if a file is missing or wrong, or the key does not belong to the certificate; the message names
     *     the file and the way out
     */
    public void check() {
        load();
    }

    TlsMaterial load() {
        return keyStore == null
                ? TlsMaterial.ofPem(Objects.requireNonNull(certificate), Objects.requireNonNull(key), authorities)
                : TlsMaterial.ofKeyStore(keyStore, password, authorities);
    }

    /** Shows the files, and not the password. */
    @Override
    public String toString() {
        return "HttpTls[" + (keyStore == null ? certificate + ", " + key : keyStore) + ", clients " + clients + "]";
    }
}
