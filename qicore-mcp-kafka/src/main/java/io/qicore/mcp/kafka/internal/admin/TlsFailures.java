package io.qicore.mcp.kafka.internal.admin;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.jspecify.annotations.Nullable;

/**
 * Tells why a TLS handshake failed. Kafka's client reports every failed handshake as an authentication failure, even if this
 * side refused the broker.
 */
public final class TlsFailures {

    private TlsFailures() {}

    /**
     * Returns why this server does not trust the certificate of a broker, as the rest of a sentence.
     *
     * @return null if the certificate of the broker is not the reason of the failure
     */
    public static @Nullable String untrusted(Throwable failure) {
        boolean untrusted = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException || expired(cause)) {
                return "it has expired";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "it is not valid yet; compare the clocks";
            }
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof CertificateException
                    && (message.contains("subject alternative") || message.contains("No name matching"))) {
                return "it is for another host name. Connect by a name in the certificate, or issue a certificate for"
                        + " this one";
            }
            untrusted |= cause instanceof CertificateException || message.contains("PKIX path");
        }
        return untrusted
                ? "no authority in its truststore has issued it. Add the authority with ssl.truststore.location or"
                        + " ssl.truststore.certificates (KAFKA_SSL_TRUSTSTORE_…)"
                : null;
    }

    /** Returns whether the port does not speak TLS at all. */
    static boolean notTls(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (failure instanceof SslAuthenticationException
                    && (message.contains("plaintext connection") || message.contains("unrecognized ssl message"))) {
                return true;
            }
        }
        return false;
    }

    private static boolean expired(Throwable cause) {
        return cause instanceof CertPathValidatorException path
                && path.getReason() == CertPathValidatorException.BasicReason.EXPIRED;
    }
}
