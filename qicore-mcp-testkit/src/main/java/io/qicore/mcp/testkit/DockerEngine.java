package io.qicore.mcp.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a Docker engine answers, without Testcontainers, which would log errors when none answers and start a
 * container when one does.
 */
final class DockerEngine {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final byte[] PING = "GET /_ping HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String[] TESTCONTAINERS = {
        "org.testcontainers.redpanda.RedpandaContainer", "org.testcontainers.postgresql.PostgreSQLContainer"
    };

    private DockerEngine() {}

    static Optional<String> whyUnavailable() {
        for (String name : TESTCONTAINERS) {
            if (!isOnClassPath(name)) {
                return Optional.of("add org.testcontainers:testcontainers-redpanda and"
                        + " org.testcontainers:testcontainers-postgresql to the class path");
            }
        }
        return whyUnavailable(candidates(TestcontainersSettings.dockerHost()));
    }

    static Optional<String> whyUnavailable(List<URI> candidates) {
        if (candidates.stream().anyMatch(DockerEngine::answers)) {
            return Optional.empty();
        }
        return Optional.of("no Docker engine answers" + (candidates.isEmpty() ? "" : " at " + join(candidates))
                + "; start one, or set DOCKER_HOST");
    }

    /** Returns the addresses at which Testcontainers looks for an engine. */
    static List<URI> candidates(@Nullable String dockerHost) {
        if (dockerHost != null && !dockerHost.isBlank()) {
            return List.of(URI.create(dockerHost.strip()));
        }
        List<Path> sockets = new ArrayList<>();
        sockets.add(Path.of("/var/run/docker.sock"));
        String runtimeFolder = System.getenv("XDG_RUNTIME_DIR");
        if (runtimeFolder != null) {
            sockets.add(Path.of(runtimeFolder, "docker.sock"));
        }
        String home = System.getProperty("user.home");
        sockets.add(Path.of(home, ".docker", "run", "docker.sock"));
        sockets.add(Path.of(home, ".docker", "desktop", "docker.sock"));
        return sockets.stream()
                .filter(Files::exists)
                .map(socket -> URI.create("unix://" + socket))
                .toList();
    }

    private static boolean answers(URI engine) {
        try (SocketChannel channel = SocketChannel.open(
                isUnix(engine) ? java.net.StandardProtocolFamily.UNIX : java.net.StandardProtocolFamily.INET)) {
            // A blocking channel does not have a timeout. Closing it ends the attempt.
            CompletableFuture<Boolean> attempt = new CompletableFuture<>();
            Thread thread = new Thread(() -> attempt.complete(ping(channel, engine)), "docker-ping");
            thread.setDaemon(true);
            thread.start();
            return attempt.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IOException | ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static boolean ping(SocketChannel channel, URI engine) {
        try {
            channel.connect(address(engine));
            if ("https".equals(engine.getScheme()) || System.getenv("DOCKER_TLS_VERIFY") != null) {
                return true; // it listens; the TLS handshake is left to Testcontainers, which has the certificates
            }
            channel.write(ByteBuffer.wrap(PING));
            ByteBuffer answer = ByteBuffer.allocate(5);
            while (answer.hasRemaining() && channel.read(answer) >= 0) {
                continue;
            }
            return new String(answer.array(), StandardCharsets.US_ASCII).equals("HTTP/");
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static SocketAddress address(URI engine) {
        return isUnix(engine)
                ? UnixDomainSocketAddress.of(engine.getPath())
                : new InetSocketAddress(engine.getHost(), engine.getPort());
    }

    private static boolean isUnix(URI engine) {
        return "unix".equals(engine.getScheme());
    }

    private static String join(List<URI> candidates) {
        return String.join(" or ", candidates.stream().map(URI::toString).toList());
    }

    private static boolean isOnClassPath(String name) {
        try {
            Class.forName(name, false, DockerEngine.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** A class of its own, because the enclosing class is also loaded where Testcontainers is not on the class path. */
    private static final class TestcontainersSettings {

        static @Nullable String dockerHost() {
            return org.testcontainers.utility.TestcontainersConfiguration.getInstance()
                    .getEnvVarOrUserProperty("docker.host", null);
        }
    }
}
