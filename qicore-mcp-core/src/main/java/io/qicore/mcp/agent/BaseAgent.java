package io.qicore.mcp.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Base class of agents: holds a name and the cleanups that run when the agent is closed. Thread-safe.
 */
public abstract class BaseAgent implements AutoCloseable {

    /** The log of the agent. */
    protected final Logger log = LoggerFactory.getLogger(getClass());

    private final String name;
    private final Deque<Runnable> cleanups = new ArrayDeque<>();
    private boolean closed;

    /** Creates an agent of the given name. */
    protected BaseAgent(String name) {
        this.name = name;
    }

    /** Returns the name of the agent. */
    public final String name() {
        return name;
    }

    /** Registers a cleanup that {@link #close()} runs; runs it at once if the agent has been closed already. */
    protected final void registerCleanup(Runnable cleanup) {
        synchronized (cleanups) {
            if (!closed) {
                cleanups.push(cleanup);
                return;
            }
        }
        run(cleanup);
    }

    /** Runs each registered cleanup once, in the reverse order of registration. A cleanup that fails is logged. */
    @Override
    public final void close() {
        while (true) {
            Runnable next;
            synchronized (cleanups) {
                closed = true;
                next = cleanups.poll();
            }
            if (next == null) {
                return;
            }
            run(next);
        }
    }

    private void run(Runnable cleanup) {
        try {
            cleanup.run();
        } catch (RuntimeException e) {
            log.warn("A cleanup of {} failed", name, e);
        }
    }
}
