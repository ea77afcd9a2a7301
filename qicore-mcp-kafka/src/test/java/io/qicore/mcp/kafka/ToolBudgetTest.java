package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.protocol.CallMetadata;
import io.qicore.mcp.protocol.MCPEngine;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent pays for the list of tools in every conversation. */
class ToolBudgetTest {

    private static final int KB = 1_000;
    private static final int WITHOUT_OUTPUT_SCHEMAS = 12 * KB;
    private static final int WITH_OUTPUT_SCHEMAS = 30 * KB;

    private final KafkaMCPServer server = new KafkaMCPServer(mock(Admin.class));

    @BeforeEach
    void initialize() throws Exception {
        server.initialize();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void toolsList_isShort() throws Exception {
        JsonNode tools = list(server.engine()).path("result").path("tools");
        assertThat(tools).hasSameSizeAs(server.tools());
        int whole = bytes(tools);
        tools.forEach(tool -> ((ObjectNode) tool).remove("outputSchema"));

        assertThat(whole).isLessThanOrEqualTo(WITH_OUTPUT_SCHEMAS);
        assertThat(bytes(tools)).isLessThanOrEqualTo(WITHOUT_OUTPUT_SCHEMAS);
    }

    private static JsonNode list(MCPEngine engine) throws Exception {
        byte[] message = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}".getBytes(StandardCharsets.UTF_8);
        var reply = new CompletableFuture<byte[]>();
        engine.handle(message, CallMetadata.none(), answer -> reply.complete(answer.toBytes()));
        return new ObjectMapper().readTree(reply.get(5, TimeUnit.SECONDS));
    }

    private static int bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
