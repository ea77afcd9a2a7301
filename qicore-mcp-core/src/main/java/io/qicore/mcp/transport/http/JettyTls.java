package io.qicore.mcp.transport.http;

import io.qicore.mcp.internal.concurrent.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TLS of a Jetty server, with the certificate that its files have at the moment. Thread-safe. */
final class JettyTls {

    /** How often the files are looked at. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(JettyTls.class);

    private final HttpTls files;
    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private final AtomicBoolean looking = new AtomicBoolean();

    // Used by one thread at a time, by looking.
    private TlsMaterial material;
    private String problem = "";
    private boolean reported;

    /** @throws IllegalArgumentException if a file is missing or wrong */
    JettyTls(HttpTls files) {
        this.files = files;
        this.material = files.load();
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        factory.setRenegotiationAllowed(false);
        factory.setSniRequired(false);
        factory.setWantClientAuth(files.clients() == HttpTls.Clients.WANT);
        factory.setNeedClientAuth(files.clients() == HttpTls.Clients.NEED);
        use(factory);
    }

    SslContextFactory.Server factory() {
        return factory;
    }

    private void use(SslContextFactory changed) {
        changed.setKeyStore(material.keys());
        changed.setKeyStorePassword(TlsMaterial.PASSWORD);
        changed.setTrustStore(material.authorities());
        Instant now = Instant.now();
        Instant end = material.certificate().getNotAfter().toInstant();
        if (end.isBefore(now)) {
            log.warn("The TLS certificate of {} expired at {}, so clients refuse it. Replace it", files, end);
        } else if (material.certificate().getNotBefore().toInstant().isAfter(now)) {
            log.warn(
                    "The TLS certificate of {} is valid only from {} on, so clients refuse it",
                    files,
                    material.certificate().getNotBefore().toInstant());
        }
    }

    /** Looks at the files on another thread, unless that is being done already. */
    void look() {
        if (looking.compareAndSet(false, true)) {
            Threads.run("mcp-http-tls", () -> {
                try {
                    reload();
                } finally {
                    looking.set(false);
                }
            });
        }
    }

    private void reload() {
        try {
            TlsMaterial now = files.load();
            if (!now.isSameAs(material)) {
                material = now;
                factory.reload(this::use);
                log.info("The TLS certificate of {} has changed; new connections use it", files);
            }
            problem = "";
            reported = false;
        } catch (Exception e) {
            // The files may be changed one after the other, so a problem is told when it lasts.
            String seen = Objects.requireNonNullElse(e.getMessage(), e.toString());
            if (!seen.equals(problem)) {
                problem = seen;
                reported = false;
            } else if (!reported) {
                reported = true;
                log.error("The TLS certificate in use stays until {} is mended: {}", files, seen);
            }
        }
    }
}
