package io.qicore.mcp.benchmarks.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A keep-alive connection with at most one request in flight. Not thread-safe. */
final class Connection {

    /** How often the body of an answer is checked. Checking each would make the load generator the bottleneck. */
    private static final int CHECK_EVERY = 64;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final SocketChannel channel;
    private final AddRequest[] requests;
    private final ResponseReader response = new ResponseReader();
    private int sent;

    /** Opens a connection and registers it for reading, with itself as the attachment. */
    Connection(int port, AddRequest[] requests, Selector selector) throws IOException {
        this.requests = requests;
        this.channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send() throws IOException {
        response.reset();
        ByteBuffer bytes = requests[sent++ % requests.length].bytes().duplicate();
        // The last request has been answered, so the socket's buffer is empty and accepts the whole request.
        if (channel.write(bytes) == 0 || bytes.hasRemaining()) {
            throw new IOException("The socket did not accept a whole request.");
        }
    }

    /** Reads the available bytes. Returns whether the response is complete. */
    boolean receive() throws IOException {
        if (!response.read(channel)) {
            return false;
        }
        AddRequest request = requests[(sent - 1) % requests.length];
        if (response.status() != 200 || (sent % CHECK_EVERY == 0 && !isRight(request))) {
            throw new IllegalStateException("Wrong answer to " + request + ":\n" + response);
        }
        return true;
    }

    private boolean isRight(AddRequest request) throws IOException {
        JsonNode answer = MAPPER.readTree(response.body());
        JsonNode result = answer.path("result");
        return answer.path("id").intValue() == request.id()
                && result.path("structuredContent").path("sum").doubleValue() == request.sum()
                && MAPPER.readTree(result.path("content").path(0).path("text").asText())
                                .path("sum")
                                .doubleValue()
                        == request.sum();
    }
}
