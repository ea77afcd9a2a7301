package io.qicore.mcp.internal.engine.method;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.engine.revision.ModernRevision;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the replies to the messages of one batch (MCP 2025-03-26) into one reply. Thread-safe. */
public final class Batch {

    /** The largest number of messages in a batch. */
    public static final int MAX_MESSAGES = 100;

    private final ReplySink sink;
    private final Object sinkLock = new Object();
    private final ArrayNode replies = Json.MAPPER.createArrayNode();
    private final List<Runnable> taken = new ArrayList<>();
    private int open;

    public Batch(ReplySink sink, int messages) {
        this.sink = sink;
        this.open = messages;
    }

    /** Returns why a message must not be part of a batch, or null if it may. */
    public static @Nullable String refusal(JsonNode message) {
        if (message.isArray()) {
            return "A batch has no batches in it.";
        }
        if (message.path("method").asText().equals(MethodNames.INITIALIZE)) {
            return "initialize must not be part of a batch.";
        }
        // A subscription would hold back the answers to the other messages.
        return ModernRevision.isMeant(message.path("params"))
                ? ModernRevision.VERSION + " has no batches: send its messages one at a time."
                : null;
    }

    /** Returns the sink for one of the messages. */
    public ReplySink member() {
        return new ReplySink() {
            @Override
            public void notification(ObjectNode message) {
                // Asynchronous calls run concurrently, but the sink takes one message at a time.
                synchronized (sinkLock) {
                    sink.notification(message);
                }
            }

            @Override
            public void reply(Reply reply) {
                answered(reply.message(), () -> {});
            }

            @Override
            public void reply(Reply reply, Runnable whenTaken) {
                answered(reply.message(), whenTaken);
            }

            @Override
            public void cancelled() {
                answered(null, () -> {});
            }
        };
    }

    private void answered(@Nullable JsonNode reply, Runnable whenTaken) {
        boolean last;
        synchronized (this) {
            if (reply != null) {
                replies.add(reply);
            }
            taken.add(whenTaken);
            open--;
            last = open == 0;
        }
        if (last) {
            Reply all = replies.isEmpty() ? Reply.ACCEPTED : new Reply(Reply.Kind.RESULT, replies);
            sink.reply(all, () -> taken.forEach(Runnable::run));
        }
    }
}
