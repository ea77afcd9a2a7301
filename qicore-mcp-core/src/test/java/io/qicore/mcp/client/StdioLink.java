package io.qicore.mcp.client;

import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.transport.stdio.StdioTransport;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** A child process that passes its standard streams on to a server in this JVM, so that a test can look at the server. */
final class StdioLink implements AutoCloseable {

    private final Path folder;
    private final Path toServer;
    private final Path fromServer;
    private final Thread thread;
    private final AtomicReference<StdioTransport> transport = new AtomicReference<>();

    StdioLink(StatelessMCPServer server) {
        try {
            folder = Files.createTempDirectory("stdio-link");
            toServer = folder.resolve("in");
            fromServer = folder.resolve("out");
            if (new ProcessBuilder("mkfifo", toServer.toString(), fromServer.toString())
                            .start()
                            .waitFor()
                    != 0) {
                throw new IllegalStateException("mkfifo failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        this.thread = new Thread(() -> serve(server), "stdio-link");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(StatelessMCPServer server) {
        // Each waits until the child has opened the other end.
        try (FileInputStream in = new FileInputStream(toServer.toFile());
                FileOutputStream out = new FileOutputStream(fromServer.toFile())) {
            StdioTransport started = StdioTransport.on(in, out);
            transport.set(started);
            started.start(server.engine());
            started.awaitEnd();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    StdioEndpoint endpoint() {
        return StdioEndpoint.of(
                        "sh", "-c", "cat <\"$1\" & exec cat >\"$0\"", toServer.toString(), fromServer.toString())
                .withShutdownTimeout(Duration.ofMillis(200));
    }

    @Override
    public void close() {
        StdioTransport started = transport.get();
        if (started != null) {
            started.stop(Duration.ofMillis(200));
        }
        try {
            Files.delete(toServer);
            Files.delete(fromServer);
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
