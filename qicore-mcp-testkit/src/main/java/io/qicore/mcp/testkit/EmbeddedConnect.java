package io.qicore.mcp.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;
import org.jspecify.annotations.Nullable;

/**
 * A real worker of Kafka Connect in this JVM, in distributed mode, with its REST API on a free port of the loopback interface. Several
 * workers with one {@linkplain Builder#group group} form a cluster. Needs {@code org.apache.kafka:connect-runtime}, which the application
 * adds itself.
 *
 * <pre>{@code
 * try (EmbeddedKafka kafka = EmbeddedKafka.start();
 *         EmbeddedConnect connect = EmbeddedConnect.builder(kafka.bootstrapServers()).start()) {
 *     ConnectConnection connection = ConnectConnection.to(connect.url());
 * }
 * }</pre>
 *
 * <p>Plugins are those on the class path. The internal topics of the group are created in the cluster, and remain there. Thread-safe.
 */
public final class EmbeddedConnect implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Connect<?> connect;
    private final String url;
    private @Nullable ShutdownHook hook;
    private boolean closed;

    private EmbeddedConnect(Connect<?> connect, String url) {
        this.connect = connect;
        this.url = url;
    }

    /**
     * Returns a builder of a worker.
     *
     * @param bootstrapServers the brokers of the cluster that the worker uses
     */
    public static Builder builder(String bootstrapServers) {
        return new Builder(bootstrapServers);
    }

    /** Returns the address of the REST API, such as {@code http://localhost:40123}. */
    public String url() {
        return url;
    }

    /** Stops the worker. When this method returns, its connectors have stopped or run on other workers soon. Further calls do nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (hook != null) {
                hook.remove();
            }
            connect.stop();
            connect.awaitStop();
        }
    }

    private synchronized void closeAtShutdown() {
        hook = ShutdownHook.register(this::close);
    }

    private void awaitReady() throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/connectors"))
                .timeout(READY)
                .build();
        long deadline = System.nanoTime() + READY.toNanos();
        while (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the worker did not join its group in " + READY);
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }

    /** Collects the settings of an {@link EmbeddedConnect}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, String> properties = new HashMap<>();

        private Builder(String bootstrapServers) {
            properties.put("bootstrap.servers", Objects.requireNonNull(bootstrapServers, "bootstrapServers"));
            properties.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
            properties.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
            properties.put("plugin.discovery", "service_load");
            properties.put("offset.storage.partitions", "1");
            properties.put("status.storage.partitions", "1");
            for (String topic : new String[] {"config", "offset", "status"}) {
                properties.put(topic + ".storage.replication.factor", "1");
            }
            // By default a lost worker gets five minutes to come back before others take over.
            properties.put("scheduled.rebalance.max.delay.ms", "0");
            properties.put("offset.flush.interval.ms", "1000");
            group("embedded-connect");
        }

        /** Sets the group that the workers of a cluster have in common. Default: {@code embedded-connect}. */
        public Builder group(String id) {
            properties.put("group.id", id);
            for (String topic : new String[] {"config", "offset", "status"}) {
                properties.put(topic + ".storage.topic", id + "-" + topic + "s");
            }
            return this;
        }

        /** Sets a property of the worker, as in {@code connect-distributed.properties}. */
        public Builder workerProperty(String name, String value) {
            properties.put(name, Objects.requireNonNull(value, name));
            return this;
        }

        /**
         * Starts the worker.
         *
         * @return a worker that has joined its group
         * @throws IllegalStateException when the worker does not start, or the JVM is ending
         */
        public EmbeddedConnect start() {
            try {
                Map<String, String> all = new HashMap<>(properties);
                // The advertised address must be known before the port is bound.
                String host = InetAddress.getLoopbackAddress().getHostAddress();
                try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                    all.putIfAbsent("listeners", "http://" + host + ":" + free.getLocalPort());
                }
                EmbeddedConnect worker =
                        new EmbeddedConnect(new ConnectDistributed().startConnect(all), all.get("listeners"));
                try {
                    worker.closeAtShutdown();
                    worker.awaitReady();
                    return worker;
                } catch (Exception e) {
                    worker.close();
                    throw e;
                }
            } catch (Exception e) {
                throw new IllegalStateException(
                        "The embedded worker of Kafka Connect did not start: " + e.getMessage(), e);
            }
        }
    }
}
