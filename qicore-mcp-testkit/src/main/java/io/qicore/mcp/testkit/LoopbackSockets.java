package io.qicore.mcp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * Binds the listeners of one Kafka node to free ports of the loopback interface before the node exists. KRaft needs the
 * controller's port in the configuration of every node, and a port that is free now but not bound may be taken later.
 *
 * <p>Thread-safe.
 */
final class LoopbackSockets implements ServerSocketFactory, AutoCloseable {

    static final String HOST = "127.0.0.1";

    private static final int DEFAULT_BACKLOG = 50;
    private static final int DEFAULT_RECEIVE_BUFFER = -1;

    private final Map<ListenerName, ServerSocketChannel> reserved = new HashMap<>();

    /** Binds a free port and returns it. The listener keeps it, also when its node restarts. */
    synchronized int reserve(String listener) throws IOException {
        ServerSocketChannel channel = ServerSocketFactory.INSTANCE.openServerSocket(
                listener, new InetSocketAddress(loopback(), 0), DEFAULT_BACKLOG, DEFAULT_RECEIVE_BUFFER);
        reserved.put(ListenerName.normalised(listener), channel);
        return channel.socket().getLocalPort();
    }

    @Override
    public synchronized ServerSocketChannel openServerSocket(
            String listener, InetSocketAddress address, int backlog, int receiveBuffer) throws IOException {
        // From here on the node owns the channel. A restarted node binds its configured port again.
        ServerSocketChannel channel = reserved.remove(ListenerName.normalised(listener));
        return channel != null
                ? channel
                : ServerSocketFactory.INSTANCE.openServerSocket(listener, address, backlog, receiveBuffer);
    }

    /** Closes the channels that no node has opened. */
    @Override
    public synchronized void close() {
        for (ServerSocketChannel channel : reserved.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        reserved.clear();
    }

    private static InetAddress loopback() throws IOException {
        return Inet4Address.getByName(HOST);
    }
}
