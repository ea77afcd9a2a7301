package io.qicore.mcp.faults;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, with 256 MiB of heap and the flags that the documentation recommends. */
final class Victim implements AutoCloseable {

    private final Process process;
    private final File log;
    private final int port;
    private final BufferedReader out;

    Victim(String java, String transport) throws IOException {
        log = File.createTempFile("victim", ".log");
        process = new ProcessBuilder(List.of(
                        java,
                        "-Xmx256m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FaultServer.class.getName(),
                        transport))
                .redirectError(log)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = transport.equals("stdio") ? 0 : Integer.parseInt(line());
    }

    int port() {
        return port;
    }

    OutputStream input() {
        return process.getOutputStream();
    }

    InputStream output() {
        return process.getInputStream();
    }

    /** Sends a command and returns the answer. */
    String command(String command) throws IOException {
        process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return line();
    }

    private String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("The server ended: " + log());
        }
        return line;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end of the process; returns its exit code, or -1 if it does not end. */
    int exit(int seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    /** Returns what the server has logged. */
    String log() throws IOException {
        return Files.readString(log.toPath());
    }

    /** Returns the threads of the operating system that the server has. */
    int threads() throws IOException {
        return status("Threads:");
    }

    private int status(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith(name)) {
                return Integer.parseInt(line.substring(name.length()).strip().split(" ")[0]);
            }
        }
        throw new IOException("/proc does not tell " + name);
    }

    /** Returns how the process has ended and the end of its log, or an empty text if it runs. */
    String end() throws IOException {
        if (process.isAlive()) {
            return "";
        }
        String text = log().strip();
        return "; the server has ended with " + process.exitValue() + ": "
                + text.substring(Math.max(0, text.length() - 300)).replace('\n', ' ');
    }

    @Override
    public void close() {
        process.destroyForcibly();
        log.delete();
    }
}
