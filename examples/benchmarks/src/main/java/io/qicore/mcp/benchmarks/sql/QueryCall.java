package io.qicore.mcp.benchmarks.sql;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.server.StatelessMCPServer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A call of {@code query} that is passed to the engine as a transport would do it, but without a transport. */
final class QueryCall {

    private final MCPEngine engine;
    private final byte[] request;

    QueryCall(StatelessMCPServer server, String sql) {
        this.engine = server.engine();
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("jsonrpc", "2.0").put("id", 1).put("method", "tools/call");
        ObjectNode params = message.putObject("params").put("name", "query");
        params.putObject("arguments").put("sql", sql).put("maxRows", 1000);
        params.putObject("_meta")
                .put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
                .putObject("io.modelcontextprotocol/clientCapabilities");
        this.request = message.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Runs the call and returns the bytes of the answer.
     *
     * @throws IllegalStateException if the answer is an error
     */
    byte[] run() {
        Answer answer = new Answer();
        engine.handle(request, CallMetadata.none(), answer);
        Reply reply = answer.reply;
        if (reply == null
                || reply.message() == null
                || reply.message().at("/result/isError").booleanValue()) {
            throw new IllegalStateException("query answered " + reply);
        }
        return reply.toBytes();
    }

    private static final class Answer implements ReplySink {
        private @Nullable Reply reply;

        @Override
        public void reply(Reply reply) {
            this.reply = reply;
        }

        @Override
        public void cancelled() {
            throw new IllegalStateException("The server was stopped.");
        }
    }
}
