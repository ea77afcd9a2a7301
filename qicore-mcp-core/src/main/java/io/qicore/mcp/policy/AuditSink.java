package io.qicore.mcp.policy;

import io.qicore.mcp.internal.log.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives the events of an {@link AuditLog}. Implementations must be thread-safe and should not block. */
@FunctionalInterface
public interface AuditSink {

    /** The logger of {@link #slf4j}. */
    String LOGGER = "io.qicore.mcp.audit";

    /** Records an event. An exception is logged and changes nothing for the caller, who has been answered. */
    void record(AuditEvent event);

    /** Returns a sink that writes a line for each event to the logger {@value #LOGGER}, at level INFO. */
    static AuditSink slf4j() {
        Logger log = LoggerFactory.getLogger(LOGGER);
        return event -> log.info(
                "caller={} issuer={} method={} target={} arguments={} outcome={} ms={}",
                LogText.of(event.caller().isAnonymous() ? "-" : event.caller().subject()),
                LogText.of(
                        event.caller().issuer() == null ? "-" : event.caller().issuer()),
                event.method(),
                event.target() == null ? "-" : LogText.of(event.target()),
                event.argumentDigest() == null ? "-" : event.argumentDigest(),
                event.outcome(),
                event.took().toMillis());
    }
}
