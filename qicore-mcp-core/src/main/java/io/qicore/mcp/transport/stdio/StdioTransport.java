package io.qicore.mcp.transport.stdio;

import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.internal.concurrent.Threads;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MCP over standard input and output: one message a line, one client, for hosts that start the server as a child
 * process.
 *
 * <p>Standard output carries messages only: while {@link #onProcess()} runs, {@link System#out} leads to standard error,
 * whoever prints. The transport ends when the client closes its end; {@link #awaitEnd()} waits for that.
 *
 * <p>Thread-safe. Can be started once.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio">MCP 2026-07-28, stdio</a>
 */
public final class StdioTransport implements ServerTransport {

    /** The longest message taken, in bytes: 4 MiB. */
    public static final int MAX_MESSAGE_BYTES = 4 << 20;

    private static final Logger log = LoggerFactory.getLogger(StdioTransport.class);

    private final InputStream in;
    private final OutputStream out;
    private final boolean ownsProcessStreams;
    private final InFlight inFlight = new InFlight();
    private final CountDownLatch end = new CountDownLatch(1);
    private @Nullable ExecutorService handlers;
    private @Nullable Thread reader;
    private @Nullable PrintStream replacedOut;

    private StdioTransport(InputStream in, OutputStream out, boolean ownsProcessStreams) {
        this.in = in;
        this.out = out;
        this.ownsProcessStreams = ownsProcessStreams;
    }

    /** A transport on the streams of this process. */
    public static StdioTransport onProcess() {
        return new StdioTransport(System.in, new FileOutputStream(FileDescriptor.out), true);
    }

    /** A transport on any two streams with the same framing; closes neither. */
    public static StdioTransport on(InputStream in, OutputStream out) {
        return new StdioTransport(in, out, false);
    }

    @Override
    public synchronized void start(MCPEngine engine) {
        if (handlers != null) {
            throw new IllegalStateException("A stdio transport can be started once.");
        }
        if (ownsProcessStreams) {
            replacedOut = System.out;
            System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        }
        handlers = Threads.perTask("mcp-stdio");
        Conversation conversation = new Conversation(engine::handle, handlers, inFlight, this::write);
        reader = Threads.start("mcp-stdio-reader", () -> read(conversation));
    }

    /** Waits until the client has closed its end or {@link #stop} was called. */
    public void awaitEnd() throws InterruptedException {
        end.await();
    }

    @Override
    public synchronized void stop(Duration drainTimeout) {
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
            // Reaches a pipe of this JVM. A read of the process's own input ends with the client or the process.
            reader.interrupt();
        }
    }

    private void read(Conversation conversation) {
        LineReader lines = new LineReader(in, MAX_MESSAGE_BYTES);
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (line.length > 0 && !conversation.receive(line)) {
                    conversation.refuse(line);
                }
            }
        } catch (IOException e) {
            if (end.getCount() > 0) {
                log.warn("The input broke", e);
            }
        } catch (RejectedExecutionException stopped) {
            // Nobody waits for an answer any more.
            log.debug("A message came after the end", stopped);
        } finally {
            conversation.closed();
            end.countDown();
        }
    }

    private void write(byte[] message) {
        synchronized (out) {
            try {
                out.write(message);
                out.write('\n');
                out.flush();
            } catch (IOException e) {
                // The client has closed its end; the reader will see that too.
                log.debug("A message could not be written", e);
            }
        }
    }

    @Override
    public String toString() {
        return "StdioTransport";
    }
}
