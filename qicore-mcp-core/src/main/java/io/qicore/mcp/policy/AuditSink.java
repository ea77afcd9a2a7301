package io.qicore.mcp.policy;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives the events of an {@link AuditLog}. Implementations must be thread-safe and should not block. */
@FunctionalInterface
public interface AuditSink {

    /** The logger of {@link #slf4j}. */
    String LOGGER = "io.qicore.mcp.audit";

    /** Records an event. An exception is logged and changes nothing for the caller, who has been answered. */
    void record(AuditEvent event);

    /**
     * Returns a sink that writes a line for each event to the logger {@value #LOGGER}, at level INFO. Values with blanks, quotes or
     * {@code =} are in quotes, so that nobody can make a value look like the fields after it.
     */
    static AuditSink slf4j() {
        Logger log = LoggerFactory.getLogger(LOGGER);
        return event -> log.info(
                "caller={} issuer={} method={} target={} arguments={} outcome={} ms={}",
                AuditText.of(event.caller().subject()),
                AuditText.of(event.caller().issuer()),
                AuditText.of(event.method()),
                AuditText.of(event.target()),
                AuditText.of(event.argumentDigest()),
                event.outcome(),
                event.took().toMillis());
    }
}
