package io.qicore.mcp.benchmarks.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Reads and writes the same JSON without MCP, with Jackson on Jetty. Does not check anything. */
final class BareServer {

    private BareServer() {}

    /** Prints its port on standard output and runs until standard input ends. */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Adder());
        server.start();
        System.out.println(connector.getLocalPort());
        QiCoreServer.awaitEndOfInput();
        server.stop();
    }

    private static final class Adder extends Handler.Abstract {

        private final ObjectMapper mapper = new ObjectMapper();

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws IOException {
            byte[] answer;
            try (InputStream body = Content.Source.asInputStream(request)) {
                answer = mapper.writeValueAsBytes(answer(mapper.readTree(body)));
            }
            response.setStatus(200);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.length);
            response.write(true, ByteBuffer.wrap(answer), callback);
            return true;
        }

        /** Returns an answer with the same members as that of {@link QiCoreServer}. */
        private ObjectNode answer(JsonNode message) throws IOException {
            JsonNode numbers = message.path("params").path("arguments");
            double sum = numbers.path("a").doubleValue() + numbers.path("b").doubleValue();
            ObjectNode structured = mapper.createObjectNode().put("sum", sum);
            ObjectNode answer = mapper.createObjectNode().put("jsonrpc", "2.0");
            answer.set("id", message.get("id"));
            ObjectNode result = answer.putObject("result");
            result.putArray("content")
                    .addObject()
                    .put("type", "text")
                    .put("text", mapper.writeValueAsString(structured));
            result.set("structuredContent", structured);
            result.put("resultType", "complete");
            result.putObject("_meta")
                    .putObject("io.modelcontextprotocol/serverInfo")
                    .put("name", "calculator")
                    .put("version", "1.0");
            return answer;
        }
    }
}
