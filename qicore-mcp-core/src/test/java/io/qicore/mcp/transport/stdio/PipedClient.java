package io.qicore.mcp.transport.stdio;

import io.qicore.mcp.transport.MessageClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The client's end of a pair of streams: one message a line. */
final class PipedClient extends MessageClient {

    private final OutputStream out;
    private final InputStream in;

    PipedClient(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
        Thread reader = new Thread(this::read, "test-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                received(line);
            }
        } catch (IOException e) {
            // The other end has gone.
        } finally {
            ended();
        }
    }

    @Override
    protected void write(String message) throws IOException {
        send(message + "\n");
    }

    void send(String text) throws IOException {
        synchronized (out) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            // Closed already.
        }
        ended();
    }
}
