package io.qicore.mcp.protocol;

import java.util.UUID;
import org.slf4j.Logger;

/** Unexpected failures: the log gets everything, the peer a correlation id. */
final class Failures {

    private Failures() {}

    static String log(Logger log, String what, Throwable failure) {
        String correlationId = UUID.randomUUID().toString().substring(0, 8);
        log.error("{} failed unexpectedly [{}]", what, correlationId, failure);
        return correlationId;
    }

    static String message(String what, String correlationId) {
        return what + " failed unexpectedly. The server's log has the details under " + correlationId + ".";
    }
}
