package io.qicore.mcp.kafka.cryptocompare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class CryptoCompareErrorsTest {

    @Test
    void untrustedCertificate_isToldAsSuch_andNotRetried() {
        var handshake = new SSLHandshakeException("PKIX path building failed");
        handshake.initCause(new CertificateException("PKIX path building failed"));

        var error = CryptoCompareErrors.unreachable("cannot be reached", handshake);

        assertThat(error).hasMessageContaining("does not trust the TLS certificate");
        assertThat(error.retryable()).isFalse();
    }

    @Test
    void serviceThatIsDown_mayAnswerLater() {
        var error = CryptoCompareErrors.unreachable("cannot be reached", new IOException("connection refused"));

        assertThat(error).hasMessageContaining("cannot be reached");
        assertThat(error.retryable()).isTrue();
    }
}
