package io.qicore.mcp.examples.transport;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.protocol.Reply;
import io.qicore.mcp.protocol.ReplySink;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The form of messages on a socket: a line each.
 *
 * @param client takes the answers to one message
 * @param end runs when there will be no more of them
 */
record Lines(Socket client, Runnable end) implements ReplySink {

    private static final int MAX_BYTES = 1 << 20;

    @Override
    public void notification(ObjectNode message) {
        write(message.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void reply(Reply reply) {
        end.run();
        if (reply.kind() != Reply.Kind.ACCEPTED) {
            write(reply.toBytes());
        }
    }

    @Override
    public void cancelled() {
        end.run();
    }

    /**
     * Reads messages until the client closes its end, or sends a line that is too long or no JSON object: a web page that
     * posts to the port gets no further than the first line of its request.
     */
    static void read(Socket client, Consumer<byte[]> messages) throws IOException {
        InputStream in = new BufferedInputStream(client.getInputStream());
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && line.size() < MAX_BYTES; next = in.read()) {
            if (next == '\n') {
                messages.accept(line.toByteArray());
                line.reset();
            } else if (line.size() == 0 && next != '{') {
                return;
            } else {
                line.write(next);
            }
        }
    }

    private void write(byte[] message) {
        byte[] line = Arrays.copyOf(message, message.length + 1);
        line[message.length] = '\n';
        // Answers to other messages of this client may be on their way.
        synchronized (client) {
            try {
                client.getOutputStream().write(line);
            } catch (IOException gone) {
                // Whoever reads from the client finds out too, and says so.
            }
        }
    }
}
