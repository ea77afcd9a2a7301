package io.qicore.mcp.internal.engine.rpc;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches of resources and tasks, which belong to applications and may fail. */
public final class Watches {

    private static final Logger log = LoggerFactory.getLogger(Watches.class);

    private Watches() {}

    /** Ends a watch. A failure is logged: whoever ends it has others to end. */
    public static void close(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            log.warn("A watch did not end cleanly", e);
        }
    }
}
