package io.qicore.mcp.transport.stdio;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.connection.Backlog;
import io.qicore.mcp.internal.connection.Conversation;
import io.qicore.mcp.internal.connection.InFlight;
import io.qicore.mcp.transport.ServerTransport;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MCP over standard input and output, for hosts that start the server as a child process. There is one client, and each
 * line is one message.
 *
 * <p>Standard output must carry nothing but messages. While a transport created by {@link #onProcess()} runs,
 * {@link System#out} is redirected to standard error, so that printing does not corrupt the messages. The transport
 * ends when the client closes its end of the stream; {@link #awaitEnd()} waits for this. It does not read from a client
 * that does not read: at most 64 messages more than the engine's limit of calls are handled at once.
 *
 * <p>Thread-safe. Can be started only once.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio">MCP 2026-07-28,
 *     stdio</a>
 */
public final class StdioTransport implements ServerTransport {

    /** The maximum size of a message in bytes: 4 MiB. */
    public static final int MAX_MESSAGE_BYTES = 4 << 20;

    private static final Logger log = LoggerFactory.getLogger(StdioTransport.class);

    private final InputStream in;
    private final OutputStream out;
    private final boolean ownsProcessStreams;
    private final Caller caller;
    private final InFlight inFlight = new InFlight();
    private final ReentrantLock writing = new ReentrantLock();
    private final CountDownLatch end = new CountDownLatch(1);
    private @Nullable ExecutorService handlers;
    private @Nullable Thread reader;
    private @Nullable PrintStream replacedOut;

    private StdioTransport(InputStream in, OutputStream out, boolean ownsProcessStreams, Caller caller) {
        this.caller = caller;
        this.in = in;
        this.out = out;
        this.ownsProcessStreams = ownsProcessStreams;
    }

    /** Returns a transport on the standard input and output of this process. */
    public static StdioTransport onProcess() {
        return new StdioTransport(System.in, new FileOutputStream(FileDescriptor.out), true, Caller.ANONYMOUS);
    }

    /**
     * Returns a transport on any two streams, with one message per line. It does not close the streams.
     *
     * @param in the stream to read messages from
     * @param out the stream to write messages to
     */
    public static StdioTransport on(InputStream in, OutputStream out) {
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(in, "in");
        return new StdioTransport(in, out, false, Caller.ANONYMOUS);
    }

    /**
     * Returns a transport on the same streams for a caller whom the application names, since stdio has no credentials: usually
     * the user who has started the process. Use it instead of this one.
     */
    public StdioTransport withCaller(Caller named) {
        return new StdioTransport(in, out, ownsProcessStreams, Objects.requireNonNull(named, "named"));
    }

    @Override
    public synchronized void start(MCPEngine engine) {
        Objects.requireNonNull(engine, "engine");
        if (handlers != null) {
            throw new IllegalStateException("A StdioTransport can be started only once. Create a new one.");
        }
        if (ownsProcessStreams) {
            replacedOut = System.out;
            System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        }
        handlers = Threads.perTask("mcp-stdio");
        Conversation conversation = new Conversation(engine::handle, handlers, inFlight, caller, this::write);
        Backlog backlog = Backlog.forCalls(engine.maxConcurrentCalls());
        reader = Threads.start("mcp-stdio-reader", () -> read(conversation, backlog));
    }

    /**
     * Waits until the client closes its end of the stream or {@link #stop} is called.
     *
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void awaitEnd() throws InterruptedException {
        end.await();
    }

    @Override
    public synchronized void stop(Duration drainTimeout) {
        Objects.requireNonNull(drainTimeout, "drainTimeout");
        if (handlers == null) {
            return;
        }
        inFlight.drain(drainTimeout);
        handlers.shutdownNow();
        if (replacedOut != null) {
            System.setOut(replacedOut);
            replacedOut = null;
        }
        end.countDown();
        if (reader != null) {
            // Ends a read from a pipe of this JVM. A read from standard input ends only with the client or the process.
            reader.interrupt();
        }
    }

    private void read(Conversation conversation, Backlog backlog) {
        LineReader lines = new LineReader(in, MAX_MESSAGE_BYTES);
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (line.length > 0) {
                    int size = line.length;
                    backlog.begin(size);
                    if (!conversation.receive(line, () -> backlog.end(size))) {
                        backlog.end(size);
                        conversation.refuse(line);
                    }
                }
            }
        } catch (InterruptedException stopped) {
            log.debug("The stdio transport was stopped while the client did not read", stopped);
        } catch (IOException e) {
            if (end.getCount() > 0) {
                log.warn("Cannot read from the client, so the stdio transport ends", e);
            }
        } catch (RejectedExecutionException stopped) {
            // The transport was stopped, so the client no longer expects an answer.
            log.debug("A message was dropped because the transport was stopped", stopped);
        } finally {
            conversation.closed();
            end.countDown();
        }
    }

    private void write(byte[] message) {
        byte[] line = LineBreaks.escaped(message);
        // A lock instead of a monitor: before Java 24, a virtual thread that waits for a monitor blocks its carrier
        // thread.
        writing.lock();
        try {
            out.write(line);
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            // The client has closed its end; the reader will see that too.
            log.debug("A message could not be sent to the client", e);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public String toString() {
        return "StdioTransport";
    }
}
