package io.qicore.mcp.internal.http;

import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.connection.InFlight;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The health check of a transport. It takes the way of every request, through the selector, a thread and the engine, so it is
 * not answered if one of them is dead. Thread-safe.
 */
public final class Health {

    /** The path of the health check. */
    public static final String PATH = "/health";

    private static final byte[] PING = """
            {"jsonrpc":"2.0","id":0,"method":"ping"}""".getBytes(StandardCharsets.US_ASCII);

    private final MCPEngine engine;
    private final Admission admission;
    private final InFlight inFlight;

    /**
     * Creates the health check.
     *
     * @param engine has to answer a ping
     * @param admission decides who may ask
     * @param inFlight tells whether the transport stops
     */
    public Health(MCPEngine engine, Admission admission, InFlight inFlight) {
        this.engine = engine;
        this.admission = admission;
        this.inFlight = inFlight;
    }

    /** Answers a request: 200 with the status {@code ok} or {@code busy}, or 503 with {@code stopping} or {@code failed}. */
    public void answer(Exchange exchange) {
        if (admission.answers(exchange, "HEAD".equals(exchange.method()) ? "HEAD" : "GET")) {
            return;
        }
        String status = inFlight.isDraining() ? "stopping" : ofEngine();
        byte[] body = ("{\"status\":\"" + status + "\"}").getBytes(StandardCharsets.US_ASCII);
        exchange.status(status.equals("ok") || status.equals("busy") ? 200 : 503);
        exchange.header("Content-Type", "application/json");
        exchange.header("Cache-Control", "no-store");
        exchange.header("Content-Length", Integer.toString(body.length));
        exchange.end(body, () -> {});
    }

    private String ofEngine() {
        AtomicReference<Reply> answer = new AtomicReference<>();
        engine.handle(PING, CallMetadata.none(), answer::set);
        Reply reply = answer.get();
        if (reply == null) {
            return "failed";
        }
        return switch (reply.kind()) {
            case RESULT -> "ok";
            // All places are taken, which is not a fault of the process.
            case BUSY -> "busy";
            default -> "failed";
        };
    }
}
