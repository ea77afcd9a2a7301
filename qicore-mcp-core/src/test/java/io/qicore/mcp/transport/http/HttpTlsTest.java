package io.qicore.mcp.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.ClientCertificates;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.engine.Wire;
import io.qicore.mcp.tool.MCPTool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS of the bundled server, with real connections. */
class HttpTlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path folder;

    private final TestServer tools = TestServer.of(
            "tls",
            List.of(MCPTool.builder("whoami", TestServer.Nothing.class, TestServer.Text.class)
                    .description("Names the caller.")
                    .handler((nothing, context) -> new TestServer.Text(
                            context.caller() + " " + context.caller().scopes()))
                    .build()));
    private @Nullable TestServer server;
    private HttpTransport transport = HttpTransport.onPort(0);

    @BeforeAll
    static void makeCertificates() throws Exception {
        make("one", "RSA", "");
        make("two", "EC", "");
        make("expired", "RSA", "-10d");
        make("client", "RSA", "");
        make("stranger", "RSA", "");
    }

    /** Makes a keystore, and the same in PEM, with the program of the JDK. */
    private static void make(String name, String algorithm, String start) throws Exception {
        Path store = folder.resolve(name + ".p12");
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name + ",O=Test",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "5",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        if (!start.isEmpty()) {
            command.addAll(List.of("-startdate", start));
        }
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore keys = load(name);
        pem(
                folder.resolve(name + ".crt"),
                "CERTIFICATE",
                keys.getCertificate(name).getEncoded());
        PrivateKey key = (PrivateKey) keys.getKey(name, PASSWORD.toCharArray());
        pem(folder.resolve(name + ".key"), "PRIVATE KEY", key.getEncoded());
    }

    private static void pem(Path file, String type, byte[] content) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + type + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                        + "-----\n");
    }

    private static KeyStore load(String name) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static Path file(String name) {
        return folder.resolve(name);
    }

    private static HttpTls pem(String name) {
        return HttpTls.pem(file(name + ".crt"), file(name + ".key"));
    }

    private void start(HttpTls tls, HttpAuthenticator authenticator) {
        transport = HttpTransport.builder()
                .tls(tls)
                .access(HttpAccess.builder().authenticator(authenticator).build())
                .transferTimeout(Duration.ofSeconds(1))
                .keepAliveInterval(Duration.ofSeconds(1))
                .build();
        server = tools.started(transport);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private SSLSocket connect(String trusted, @Nullable String client, String... protocols) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        Certificate certificate = load(trusted).getCertificate(trusted);
        trust.setCertificateEntry("server", certificate);
        TrustManagerFactory trusting = TrustManagerFactory.getInstance("PKIX");
        trusting.init(trust);
        KeyManager[] keys = null;
        if (client != null) {
            KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
            own.init(load(client), PASSWORD.toCharArray());
            keys = own.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trusting.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", transport.uri().getPort());
        socket.setSoTimeout(10_000);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        socket.startHandshake();
        return socket;
    }

    private static String call(Socket socket) throws IOException {
        String message = Wire.legacyCall("whoami", "{}");
        OutputStream out = socket.getOutputStream();
        out.write(
                ("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
                                + "MCP-Protocol-Version: 2025-11-25\r\nContent-Length: " + message.length() + "\r\n\r\n"
                                + message)
                        .getBytes(StandardCharsets.UTF_8));
        out.flush();
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("End after " + head);
            }
            head.append((char) next);
        }
        int length =
                Integer.parseInt(head.toString().split("Content-Length: ")[1].split("\r\n")[0]);
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Test
    void filesInPemAndKeystores_areServed() throws Exception {
        for (HttpTls tls : List.of(pem("one"), pem("two"), HttpTls.keyStore(file("one.p12"), PASSWORD))) {
            start(tls, HttpAuthenticator.NONE);
            assertThat(transport.uri()).hasScheme("https");
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                try (SSLSocket socket = connect(tls.toString().contains("two") ? "two" : "one", null, protocol)) {
                    assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
                    assertThat(call(socket)).startsWith("HTTP/1.1 200").contains("Caller[anonymous]");
                }
            }
            stop();
            assertThat(tls.toString()).doesNotContain(PASSWORD);
        }
    }

    @Test
    void olderProtocols_areRefused() throws Exception {
        start(pem("one"), HttpAuthenticator.NONE);
        // The client's JVM does not offer them any more, so the message is made by hand: a ClientHello of TLS 1.1 and
        // of TLS 1.0.
        for (int minor : List.of(2, 1)) {
            try (Socket socket = new Socket("127.0.0.1", transport.uri().getPort())) {
                socket.setSoTimeout(5_000);
                byte[] hello = clientHello(minor);
                socket.getOutputStream().write(hello);
                byte[] answer = socket.getInputStream().readNBytes(7);
                // An alert that is fatal: protocol_version (70).
                assertThat(answer).hasSizeGreaterThanOrEqualTo(7);
                assertThat(answer[0]).isEqualTo((byte) 21);
                assertThat(answer[5]).isEqualTo((byte) 2);
                assertThat(answer[6]).isEqualTo((byte) 70);
            }
        }
    }

    private static byte[] clientHello(int minor) {
        byte[] suites = {(byte) 0xC0, 0x13, (byte) 0xC0, 0x14, 0x00, 0x2F, 0x00, 0x35};
        int body = 2 + 32 + 1 + 2 + suites.length + 2;
        java.nio.ByteBuffer hello = java.nio.ByteBuffer.allocate(5 + 4 + body);
        hello.put((byte) 22).put((byte) 3).put((byte) 1).putShort((short) (4 + body));
        hello.put((byte) 1).put((byte) 0).putShort((short) body);
        hello.put((byte) 3).put((byte) minor).put(new byte[32]).put((byte) 0);
        hello.putShort((short) suites.length).put(suites).put((byte) 1).put((byte) 0);
        return hello.array();
    }

    @Test
    void plainHttp_isNotServed() throws Exception {
        start(pem("one"), HttpAuthenticator.NONE);
        try (Socket socket = new Socket("127.0.0.1", transport.uri().getPort())) {
            socket.setSoTimeout(5_000);
            assertThatThrownBy(() -> call(socket)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void handshakeThatDoesNotEnd_isClosed() throws Exception {
        start(pem("one"), HttpAuthenticator.NONE);
        try (Socket socket = new Socket("127.0.0.1", transport.uri().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(22);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void certificateThatChanges_isUsedByNewConnections() throws Exception {
        Path certificate = file("live.crt");
        Path key = file("live.key");
        Files.copy(file("one.crt"), certificate);
        Files.copy(file("one.key"), key);
        start(HttpTls.pem(certificate, key), HttpAuthenticator.NONE);
        try (SSLSocket open = connect("one", null)) {
            assertThat(call(open)).startsWith("HTTP/1.1 200");
            // One after the other, so that they do not fit for a while.
            Files.writeString(certificate, Files.readString(file("two.crt")));
            Thread.sleep(3_000);
            try (SSLSocket still = connect("one", null)) {
                assertThat(call(still)).startsWith("HTTP/1.1 200");
            }
            Files.writeString(key, Files.readString(file("two.key")));
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(HttpTls.RELOAD_SECONDS))
                    .ignoreExceptions()
                    .until(() -> {
                        // Traffic goes on meanwhile.
                        assertThat(call(open)).startsWith("HTTP/1.1 200");
                        try (SSLSocket changed = connect("two", null)) {
                            return call(changed).startsWith("HTTP/1.1 200");
                        }
                    });
            assertThatThrownBy(() -> connect("one", null)).isInstanceOf(SSLException.class);
            assertThat(call(open)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void clientCertificate_becomesACaller() throws Exception {
        start(
                pem("one").withClientCertificates(HttpTls.Clients.WANT, file("client.crt")),
                ClientCertificates.withScopes(Set.of("read")));
        try (SSLSocket socket = connect("one", "client")) {
            assertThat(call(socket)).contains("Caller[CN=client,O=Test of CN=client,O=Test] [read]");
        }
        try (SSLSocket socket = connect("one", null)) {
            assertThat(call(socket)).startsWith("HTTP/1.1 403").contains("client certificate");
        }
        // The client does not send a certificate of an authority that the server does not name.
        try (SSLSocket socket = connect("one", "stranger")) {
            assertThat(call(socket)).startsWith("HTTP/1.1 403");
        }
        stop();

        start(
                pem("one").withClientCertificates(HttpTls.Clients.NEED, file("client.crt")),
                ClientCertificates.of(certificate -> Set.of("write")));
        try (SSLSocket socket = connect("one", "client")) {
            assertThat(call(socket)).contains("[write]");
        }
        for (String other : new String[] {null, "stranger"}) {
            assertThatThrownBy(() -> call(connect("one", other))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void filesThatAreWrong_areNamedWithTheWayOut() throws Exception {
        Path missing = file("none.pem");
        assertWrong(HttpTls.pem(missing, file("one.key")), "There is no file " + missing);
        assertWrong(HttpTls.pem(file("one.crt"), missing), "There is no file " + missing);
        assertWrong(HttpTls.pem(file("one.crt"), file("client.key")), "does not belong to the first certificate");
        assertWrong(HttpTls.pem(file("one.crt"), file("two.key")), "does not belong to the first certificate");
        assertWrong(HttpTls.pem(file("one.key"), file("one.key")), "certificate in PEM");
        assertWrong(HttpTls.pem(file("one.crt"), file("one.crt")), "no key in PEM");
        assertWrong(HttpTls.keyStore(file("one.p12"), "wrong"), "The password does not open the keystore");
        assertWrong(HttpTls.keyStore(file("one.crt"), PASSWORD), "is not a keystore");
        assertWrong(HttpTls.keyStore(missing, PASSWORD), "There is no file");
        assertWrong(pem("one").withClientCertificates(HttpTls.Clients.NEED, missing), "There is no file");
        for (String form : List.of("RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY")) {
            Path key = file(form + ".key");
            pem(key, form, new byte[100]);
            assertWrong(HttpTls.pem(file("one.crt"), key), "openssl pkcs8 -topk8 -nocrypt -in " + key);
        }
        Path damaged = file("damaged.key");
        pem(damaged, "PRIVATE KEY", new byte[100]);
        assertWrong(HttpTls.pem(file("one.crt"), damaged), "damaged");
    }

    private static void assertWrong(HttpTls tls, String message) {
        assertThatThrownBy(tls::check)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining(PASSWORD);
        assertThatThrownBy(() -> HttpTransport.builder().tls(tls)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void expiredCertificate_isServedWithAWarning() throws Exception {
        ch.qos.logback.core.read.ListAppender<ch.qos.logback.classic.spi.ILoggingEvent> lines =
                new ch.qos.logback.core.read.ListAppender<>();
        lines.start();
        ch.qos.logback.classic.Logger logger =
                (ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger(JettyTls.class);
        logger.addAppender(lines);
        try {
            start(pem("expired"), HttpAuthenticator.NONE);
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getFormattedMessage()).contains("expired.crt", "expired at");
    }
}
