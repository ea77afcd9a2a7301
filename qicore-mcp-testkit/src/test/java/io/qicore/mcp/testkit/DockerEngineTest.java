package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DockerEngineTest {

    private static final InetSocketAddress FREE_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void isAvailable_whenAnEngineAnswers() throws IOException {
        HttpServer engine = HttpServer.create(FREE_PORT, 0);
        engine.createContext("/_ping", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        engine.start();
        try {
            assertThat(DockerEngine.whyUnavailable(
                            List.of(tcp(engine.getAddress().getPort()))))
                    .isEmpty();
        } finally {
            engine.stop(0);
        }
    }

    @Test
    void reasonNamesTheAddresses_whenNothingListens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThat(DockerEngine.whyUnavailable(List.of(tcp(port), URI.create("unix:///no/such/docker.sock"))))
                .hasValue("no Docker engine answers at tcp://127.0.0.1:" + port
                        + " or unix:///no/such/docker.sock; start one, or set DOCKER_HOST");
    }

    @Test
    void isUnavailable_whenTheEngineAcceptsButNeverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(DockerEngine.whyUnavailable(List.of(tcp(silent.getLocalPort()))))
                    .isPresent();
        }
    }

    @Test
    void asksOnlyTheConfiguredEngine() {
        assertThat(DockerEngine.candidates("tcp://10.0.0.1:2375")).containsExactly(URI.create("tcp://10.0.0.1:2375"));
    }

    private static URI tcp(int port) {
        return URI.create("tcp://127.0.0.1:" + port);
    }
}
