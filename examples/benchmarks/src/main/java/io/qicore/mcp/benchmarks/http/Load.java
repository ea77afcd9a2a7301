package io.qicore.mcp.benchmarks.http;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Iterator;

/**
 * Calls a server over a number of connections. Each connection sends its next request as soon as it has received an answer.
 * One thread serves all connections, so that the server gets the other processors. Not thread-safe.
 */
final class Load {

    /** The number of different requests, so that a server cannot answer from a cache of one answer. */
    private static final int REQUESTS = 500;

    private static final long SILENCE_MILLIS = 10_000;

    private final int port;
    private final int connections;
    private final AddRequest[] requests = new AddRequest[REQUESTS];

    Load(int port, AddRequest.Revision revision, int connections) {
        this.port = port;
        this.connections = connections;
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = AddRequest.of(i + 1, revision, port);
        }
    }

    /** Calls the server for a duration. Returns the number of calls per second. */
    double run(Duration duration) throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                new Connection(port, requests, selector);
            }
            try {
                return run(selector, duration.toNanos());
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
    }

    private double run(Selector selector, long nanos) throws IOException {
        long start = System.nanoTime();
        for (SelectionKey key : selector.keys()) {
            connection(key).send();
        }
        int underWay = connections;
        long calls = 0;
        long now = start;
        while (underWay > 0) {
            if (selector.select(SILENCE_MILLIS) == 0) {
                throw new IOException("The server has been silent for " + SILENCE_MILLIS + " ms.");
            }
            now = System.nanoTime();
            Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
            while (ready.hasNext()) {
                Connection connection = connection(ready.next());
                ready.remove();
                if (!connection.receive()) {
                    continue;
                }
                calls++;
                if (now - start < nanos) {
                    connection.send();
                } else {
                    underWay--;
                }
            }
        }
        return calls * 1e9 / (now - start);
    }

    private static Connection connection(SelectionKey key) {
        return (Connection) key.attachment();
    }
}
