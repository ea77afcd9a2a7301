package io.qicore.mcp.host;

import io.qicore.mcp.transport.http.HttpTls;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings of TLS that every server has. Immutable. */
final class TlsKeys {

    private final String prefix;
    private final Setting<Path> certificate;
    private final Setting<Path> key;
    private final Setting<Path> keyStore;
    private final Setting<String> password;
    private final Setting<HttpTls.Clients> clients;
    private final Setting<Path> authorities;

    TlsKeys(String prefix) {
        this.prefix = prefix;
        certificate = Setting.path(prefix + "TLS_CERTIFICATE_FILE")
                .protecting()
                .describedAs(
                        "Certificate of the server in PEM, followed by those that lead to its authority. With it, the server speaks"
                                + " HTTPS only. This and the other files are read again when they have changed.");
        key = Setting.path(prefix + "TLS_KEY_FILE")
                .protecting()
                .describedAs("Key of the certificate in PEM, as unencrypted PKCS#8 (`BEGIN PRIVATE KEY`).");
        keyStore = Setting.path(prefix + "TLS_KEYSTORE_FILE")
                .protecting()
                .describedAs("Certificate and key in a keystore (PKCS#12 or JKS), instead of the two files above.");
        password = Setting.text(prefix + "TLS_KEYSTORE_PASSWORD")
                .secret()
                .describedAs("Password of the keystore and of its key.");
        clients = Setting.choice(prefix + "TLS_CLIENT_AUTH", HttpTls.Clients.class)
                .protecting()
                .describedAs(
                        "Whether clients have certificates. `need`: nobody can connect without a valid one; without `"
                                + prefix
                                + "AUTH_TYPE`, its subject is the caller, who may do everything. `want`: a certificate is"
                                + " checked if there is one, but it does not authenticate anybody. With `" + prefix
                                + "AUTH_TYPE`, keys or tokens are needed beside the certificate. By default `none`.");
        authorities = Setting.path(prefix + "TLS_CLIENT_CA_FILE")
                .protecting()
                .describedAs("Certificates in PEM of the authorities that sign those of clients.");
    }

    Setting<?>[] all() {
        return new Setting<?>[] {certificate, key, keyStore, password, clients, authorities};
    }

    /**
     * Reads the files that the settings name; empty if there are none.
     *
     * @throws IllegalArgumentException if settings do not go together, or a file is missing or wrong; the message names the setting
     */
    Optional<HttpTls> read(Settings settings) {
        Path certificateFile = settings.find(certificate).orElse(null);
        Path keyFile = settings.find(key).orElse(null);
        Path keyStoreFile = settings.find(keyStore).orElse(null);
        HttpTls.Clients clientAuth = settings.find(clients).orElse(HttpTls.Clients.NONE);
        if ((certificateFile == null) != (keyFile == null)) {
            throw wrong("TLS_CERTIFICATE_FILE and " + prefix + "TLS_KEY_FILE need each other.");
        }
        if (certificateFile != null && keyStoreFile != null) {
            throw wrong(
                    "TLS_CERTIFICATE_FILE and " + prefix + "TLS_KEYSTORE_FILE exclude each other: set one of them.");
        }
        if (settings.isSet(password) && keyStoreFile == null) {
            throw wrong("TLS_KEYSTORE_PASSWORD needs " + prefix + "TLS_KEYSTORE_FILE.");
        }
        boolean asksClients = clientAuth != HttpTls.Clients.NONE;
        if (asksClients != settings.isSet(authorities)) {
            throw wrong("TLS_CLIENT_AUTH (want or need) and " + prefix + "TLS_CLIENT_CA_FILE need each other.");
        }
        if (certificateFile == null && keyStoreFile == null) {
            if (asksClients) {
                throw wrong(
                        "TLS_CLIENT_AUTH needs " + prefix + "TLS_CERTIFICATE_FILE or " + prefix + "TLS_KEYSTORE_FILE.");
            }
            return Optional.empty();
        }
        HttpTls tls = keyStoreFile == null
                ? HttpTls.pem(certificateFile, Objects.requireNonNull(keyFile))
                : HttpTls.keyStore(keyStoreFile, settings.find(password).orElse(""));
        HttpTls complete = asksClients ? tls.withClientCertificates(clientAuth, settings.get(authorities)) : tls;
        try {
            complete.check();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(named(settings, e.getMessage()) + ": " + e.getMessage(), e);
        }
        return Optional.of(complete);
    }

    /** Returns the settings whose files a message is about. */
    private String named(Settings settings, String message) {
        return Stream.of(certificate, key, keyStore, authorities)
                .filter(file -> settings.find(file)
                        .filter(path -> message.contains(path.toString()))
                        .isPresent())
                .map(Setting::key)
                .collect(Collectors.joining(", "));
    }

    private IllegalArgumentException wrong(String message) {
        return new IllegalArgumentException(prefix + message);
    }
}
