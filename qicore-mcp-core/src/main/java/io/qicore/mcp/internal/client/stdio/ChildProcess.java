package io.qicore.mcp.internal.client.stdio;

import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.internal.client.channel.Serial;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.log.LogText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program that has been started, its streams, and its bounded end. Thread-safe. */
final class ChildProcess {

    private static final Logger stderr = LoggerFactory.getLogger("io.qicore.mcp.client.stdio");

    private static final int MAX_ERROR_LINE = 8 << 10;

    /** How many bytes may wait for a program that does not read. */
    private static final long MAX_WAITING = 256L << 20;

    /** How long the output of a program that has ended is still read. */
    private static final Duration LAST_LINES = Duration.ofMillis(500);

    private static final byte[] NEW_LINE = {'\n'};

    private final StdioEndpoint endpoint;
    private final Process process;
    private final ExecutorService executor = Threads.perTask("mcp-stdio-writer");
    private final Serial writer = new Serial(executor);
    private final AtomicLong waiting = new AtomicLong();
    private final List<Thread> readers;
    // Guarded by itself.
    private final Set<ProcessHandle> found = new LinkedHashSet<>();
    private final Consumer<String> onEnd;
    private final AtomicBoolean ended = new AtomicBoolean();

    private ChildProcess(StdioEndpoint endpoint, Process process, Consumer<byte[]> onLine, Consumer<String> onEnd) {
        this.endpoint = endpoint;
        this.process = process;
        this.onEnd = onEnd;
        this.readers = List.of(
                Threads.start("mcp-stdio-reader", () -> read(onLine)),
                Threads.start("mcp-stdio-errors", this::logErrors));
        // What it has started can hold its output open, so that the reader does not see its end.
        process.onExit()
                .thenRunAsync(
                        () -> end("it has ended with exit code " + process.exitValue()),
                        CompletableFuture.delayedExecutor(LAST_LINES.toMillis(), TimeUnit.MILLISECONDS));
    }

    /**
     * Starts the program.
     *
     * @param onLine receives each line of its output, from one thread
     * @param onEnd is told, once, why there will be no more lines
     * @throws IOException if it cannot be started
     */
    static ChildProcess start(StdioEndpoint endpoint, Consumer<byte[]> onLine, Consumer<String> onEnd)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(endpoint.command());
        if (endpoint.directory() != null) {
            builder.directory(endpoint.directory().toFile());
        }
        builder.environment().clear();
        builder.environment().putAll(endpoint.environment());
        return new ChildProcess(endpoint, builder.start(), onLine, onEnd);
    }

    /** Returns whether the program runs and may still write. */
    boolean isAlive() {
        return process.isAlive() && !ended.get();
    }

    /** Writes a line, without waiting for the program to read it. */
    CompletableFuture<Void> write(byte[] line) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        if (waiting.addAndGet(line.length) > MAX_WAITING) {
            waiting.addAndGet(-line.length);
            written.completeExceptionally(new IOException("it does not read its input"));
            return written;
        }
        try {
            writer.execute(() -> {
                try {
                    OutputStream in = process.getOutputStream();
                    in.write(line);
                    in.write(NEW_LINE);
                    in.flush();
                    written.complete(null);
                } catch (IOException e) {
                    written.completeExceptionally(e);
                } finally {
                    waiting.addAndGet(-line.length);
                }
            });
        } catch (RuntimeException e) {
            waiting.addAndGet(-line.length);
            written.completeExceptionally(e);
        }
        return written;
    }

    private void read(Consumer<byte[]> onLine) {
        String why = "it has closed its output";
        try {
            OutputLines lines = new OutputLines(process.getInputStream(), endpoint.maxMessageBytes(), false);
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (line.length > 0) {
                    onLine.accept(line);
                }
            }
        } catch (IOException | RuntimeException e) {
            why = LogText.of(e.getMessage());
        }
        try {
            // A program that has ended says so with its exit code, a moment after it has closed its output.
            if (process.waitFor(200, TimeUnit.MILLISECONDS)) {
                why = "it has ended with exit code " + process.exitValue();
            } else {
                all().forEach(ProcessHandle::destroy);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(why);
        if (process.isAlive()) {
            kill();
        }
    }

    private void end(String why) {
        if (ended.compareAndSet(false, true)) {
            onEnd.accept(why);
        }
    }

    /** Kills a program that has closed its output and goes on, although it was asked to end: nothing can be heard of it any more. */
    private void kill() {
        Collection<ProcessHandle> all = all();
        try {
            if (!awaitEnd(all, endpoint.shutdownTimeout())) {
                all().forEach(ProcessHandle::destroyForcibly);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private void logErrors() {
        try {
            OutputLines lines = new OutputLines(process.getErrorStream(), MAX_ERROR_LINE, true);
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (stderr.isInfoEnabled()) {
                    stderr.info("{}: {}", endpoint, LogText.of(new String(line, StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException e) {
            stderr.debug("The standard error of {} cannot be read any more", endpoint, e);
        }
    }

    /** Ends the program and what it has started: by closing its input, then by asking it to end, then by killing it. */
    void stop() {
        Collection<ProcessHandle> all = all();
        try {
            executor.execute(this::closeInput);
            if (!awaitEnd(all, endpoint.shutdownTimeout())) {
                all = all();
                all.forEach(ProcessHandle::destroy);
                if (!awaitEnd(all, endpoint.shutdownTimeout())) {
                    all = all();
                    all.forEach(ProcessHandle::destroyForcibly);
                    awaitEnd(all, endpoint.shutdownTimeout());
                }
            }
            for (Thread reader : readers) {
                reader.join(endpoint.shutdownTimeout().toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            all.forEach(ProcessHandle::destroyForcibly);
        } finally {
            executor.shutdownNow();
        }
    }

    /** Forgets a program that has ended by itself, without waiting. */
    void discard() {
        executor.execute(this::closeInput);
        executor.shutdown();
    }

    /**
     * Returns the program and what it has started, also what was found earlier: when a program has ended, its children cannot be found
     * any more.
     */
    private Collection<ProcessHandle> all() {
        synchronized (found) {
            process.descendants().forEach(found::add);
            found.add(process.toHandle());
            return List.copyOf(found);
        }
    }

    private void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyClosed) {
            stderr.debug("The input of {} was closed already", endpoint, alreadyClosed);
        }
    }

    private static boolean awaitEnd(Collection<ProcessHandle> all, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (ProcessHandle handle : all) {
            while (handle.isAlive()) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                Thread.sleep(5);
            }
        }
        return true;
    }
}
