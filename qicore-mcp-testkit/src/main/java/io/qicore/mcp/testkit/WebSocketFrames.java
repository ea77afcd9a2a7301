package io.qicore.mcp.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one WebSocket connection (RFC 6455), without extensions. One thread reads; writing is thread-safe.
 */
final class WebSocketFrames implements AutoCloseable {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int MAX_HEAD = 16 * 1024;
    private static final int MAX_MESSAGE = 1024 * 1024;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private String target = "";

    WebSocketFrames(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Returns the path and the query that the client asked for. */
    String target() {
        return target;
    }

    /**
     * Reads the client's request.
     *
     * @return the value of its {@code Sec-WebSocket-Key}, or null if it does not ask for a WebSocket of version 13
     */
    @Nullable
    String readRequest() throws IOException {
        String[] lines = head().split("\r\n");
        String[] request = lines[0].split(" ");
        target = request.length == 3 ? request[1] : "";
        String key = null;
        boolean upgrade = false;
        boolean version = false;
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            switch (name) {
                case "upgrade" -> upgrade = value.equalsIgnoreCase("websocket");
                case "sec-websocket-version" -> version = value.equals("13");
                case "sec-websocket-key" -> key = value;
                default -> {
                    // Of no meaning here.
                }
            }
        }
        return upgrade && version && request[0].equals("GET") ? key : null;
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > MAX_HEAD) {
                throw new EOFException("No HTTP request");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Accepts the request with a key. */
    void accept(String key) throws IOException {
        write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + answer(key) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    /** Refuses the request. */
    void refuse(int status) throws IOException {
        write(("HTTP/1.1 " + status + " Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    static String answer(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1", e);
        }
    }

    /**
     * Reads the next text message, from as many frames as it has. Answers pings and closes.
     *
     * @return null if the client has closed the connection
     * @throws IOException if the client breaks the protocol, or the connection
     */
    @Nullable
    String readText() throws IOException {
        ByteBuffer message = ByteBuffer.allocate(MAX_MESSAGE);
        boolean begun = false;
        while (true) {
            int first = in.readUnsignedByte();
            int opcode = first & 0x0f;
            boolean last = (first & 0x80) != 0;
            byte[] payload = payload();
            if ((first & 0x70) != 0) {
                throw new IOException("Reserved bits are set");
            }
            switch (opcode) {
                case CLOSE -> {
                    frame(CLOSE, true, payload.length >= 2 ? Arrays.copyOf(payload, 2) : new byte[0]);
                    return null;
                }
                case PING -> frame(PONG, true, payload);
                case PONG -> {
                    // Answers a ping, or was sent without one.
                }
                case TEXT, CONTINUATION -> {
                    if (begun == (opcode == TEXT) || message.remaining() < payload.length) {
                        throw new IOException("The frames do not make a message");
                    }
                    begun = true;
                    message.put(payload);
                    if (last) {
                        return new String(message.array(), 0, message.position(), StandardCharsets.UTF_8);
                    }
                }
                default -> throw new IOException("Frames of type " + opcode + " are not expected");
            }
        }
    }

    private byte[] payload() throws IOException {
        int second = in.readUnsignedByte();
        if ((second & 0x80) == 0) {
            throw new IOException("The client did not mask a frame");
        }
        long length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if (length < 0 || length > MAX_MESSAGE) {
            throw new IOException("The frame is too large");
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes((int) length);
        if (mask.length < 4 || payload.length < length) {
            throw new EOFException("The frame is not complete");
        }
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    /** Sends a frame. */
    void frame(int opcode, boolean last, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 10);
        frame.put((byte) ((last ? 0x80 : 0) | opcode));
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else if (payload.length < 65_536) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        frame.put(payload);
        write(Arrays.copyOf(frame.array(), frame.position()));
    }

    /** Sends a text message as one frame. */
    void text(String text) throws IOException {
        frame(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a close frame. */
    void close(int code) throws IOException {
        frame(CLOSE, true, ByteBuffer.allocate(2).putShort((short) code).array());
    }

    /** Sends bytes as they are. */
    synchronized void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Ends the connection without a close frame. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
