package io.qicore.mcp.benchmarks.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP request that calls {@code add} and can be sent repeatedly.
 *
 * @param id the id of the JSON-RPC request
 * @param sum the expected result
 * @param bytes the header and the body
 */
record AddRequest(int id, double sum, ByteBuffer bytes) {

    /** The protocol revision of a request. */
    enum Revision {
        /** The stateless revision: headers repeat the method and the tool's name, {@code _meta} identifies the client. */
        MODERN("""
                MCP-Protocol-Version: 2026-07-28
                Mcp-Method: tools/call
                Mcp-Name: add
                """, """
                ,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
                "io.modelcontextprotocol/clientInfo":{"name":"benchmark","version":"1.0"},\
                "io.modelcontextprotocol/clientCapabilities":{}}"""),
        /** The newest revision that the official Java SDK supports. */
        V2025_11_25("MCP-Protocol-Version: 2025-11-25\n", "");

        private final String headers;
        private final String meta;

        Revision(String headers, String meta) {
            this.headers = headers;
            this.meta = meta;
        }
    }

    /** Creates a request with numbers that depend on the id. Their sum does not have a rounding error. */
    static AddRequest of(int id, Revision revision, int port) {
        double a = id + 0.5;
        double b = 2.0 * id + 0.25;
        String body = """
                {"jsonrpc":"2.0","id":%d,"method":"tools/call",\
                "params":{"name":"add","arguments":{"a":%s,"b":%s}%s}}""".formatted(id, a, b, revision.meta);
        String header = """
                POST /mcp HTTP/1.1
                Host: 127.0.0.1:%d
                Content-Type: application/json
                Accept: application/json, text/event-stream
                %sContent-Length: %d

                """.formatted(port, revision.headers, body.length()).replace("\n", "\r\n");
        byte[] bytes = (header + body).getBytes(StandardCharsets.US_ASCII);
        return new AddRequest(
                id, a + b, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    }
}
