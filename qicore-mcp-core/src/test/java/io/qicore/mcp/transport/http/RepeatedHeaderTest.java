package io.qicore.mcp.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.TestServer;
import io.qicore.mcp.Threads;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway may look at another one of two headers than we do: then neither agrees with the message. */
class RepeatedHeaderTest {

    private TestServer server = new TestServer();

    @AfterEach
    void tearDown() {
        server.cleanup();
        Threads.awaitNone("mcp-http");
    }

    @Test
    void headerThatIsRepeated_isAMismatch() throws Exception {
        server = server.started(HttpTransport.onPort(0));
        assertThat(call("echo")).isEqualTo(200);
        assertThat(call("echo", "crash")).isEqualTo(400);
        assertThat(call("crash", "echo")).isEqualTo(400);
    }

    private int call(String... names) throws Exception {
        String message = """
                {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
                 "name": "echo", "arguments": {"text": "x"}, "_meta": {
                 "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                 "io.modelcontextprotocol/clientCapabilities": {}}}}""";
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        server.transports().get(0).endpoint().orElseThrow())
                .header("Content-Type", "application/json")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .POST(HttpRequest.BodyPublishers.ofString(message));
        for (String name : names) {
            request.header("Mcp-Name", name);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }
}
