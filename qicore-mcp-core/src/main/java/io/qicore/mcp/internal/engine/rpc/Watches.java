package io.qicore.mcp.internal.engine.rpc;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends watches of resources and tasks, which are code of applications and may fail. */
public final class Watches {

    private static final Logger log = LoggerFactory.getLogger(Watches.class);

    private Watches() {}

    /** Ends a watch. Logs a failure, so that the caller can end other watches. */
    public static void close(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            log.warn("A watch did not end cleanly", e);
        }
    }
}
