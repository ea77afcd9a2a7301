package io.qicore.mcp.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** A server in a process of its own that listens on an HTTP port, which it gets in the variable PORT. */
final class ServerProgram implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(20);

    private final List<String> command;
    private final int port;
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private Process process;

    private ServerProgram(List<String> command) throws IOException {
        this.command = command;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
    }

    static ServerProgram start(List<String> command) throws IOException {
        ServerProgram program = new ServerProgram(command);
        program.start();
        return program;
    }

    /** Starts the program, again if it has ended, and waits until it listens. */
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PORT", String.valueOf(port));
        Process started = builder.start();
        process = started;
        Thread reader = new Thread(() -> read(started), "output of " + command.get(0));
        reader.setDaemon(true);
        reader.start();
        Awaitility.await("start of " + command)
                .atMost(START)
                .failFast("It has ended.", () -> !started.isAlive())
                .until(this::isListening);
    }

    private void read(Process from) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(output::add);
        } catch (IOException | java.io.UncheckedIOException e) {
            output.add(e.toString());
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Returns the lines that the program has written so far. */
    List<String> output() {
        return List.copyOf(output);
    }

    /** Ends the program without asking it. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().get(2, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            kill();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
