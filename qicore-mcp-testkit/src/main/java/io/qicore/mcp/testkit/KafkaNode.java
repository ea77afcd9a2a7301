package io.qicore.mcp.testkit;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.FaultHandlerFactory;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node of an embedded cluster: a broker and, on the first node, the cluster's only controller.
 *
 * <p>It assembles Kafka's own server classes as {@code KafkaRaftServer} does, with two differences: the sockets are bound to
 * the loopback interface beforehand, and a fatal fault is logged. Kafka would halt the JVM, which is the application's here.
 *
 * <p>Not thread-safe: {@link EmbeddedKafka} guards it.
 */
final class KafkaNode {

    private static final Logger log = LoggerFactory.getLogger(KafkaNode.class);

    /** How long a broker may take to hand over its partitions before it stops without having done so. */
    private static final Duration CONTROLLED_SHUTDOWN = Duration.ofSeconds(5);

    private final int id;
    private final KafkaPorts ports;
    private final @Nullable ControllerServer controller;
    private final BrokerServer broker;

    private KafkaNode(int id, KafkaPorts ports, @Nullable ControllerServer controller, BrokerServer broker) {
        this.id = id;
        this.ports = ports;
        this.controller = controller;
        this.broker = broker;
    }

    /** Creates a node and formats its storage in an empty folder. It does not run before {@link #startController()}. */
    static KafkaNode create(
            int id,
            KafkaPorts ports,
            String clusterId,
            Path folder,
            Map<String, String> properties,
            LoopbackSockets sockets)
            throws Exception {
        boolean hasController = id == EmbeddedKafka.FIRST_BROKER;
        Files.createDirectories(folder);
        format(id, clusterId, folder);

        Map<String, Object> all = new HashMap<>(properties);
        all.putAll(ports.properties(hasController));
        all.putAll(identity(id, folder, hasController));
        KafkaConfig config = new KafkaConfig(all, false);
        var storage = KafkaRaftServer.initializeLogDirs(config, log, "");
        FaultHandlerFactory faults = (name, fatal, action) -> (message, cause) -> {
            log.error("Fault in {} of the embedded broker {}: {}", name, id, message, cause);
            action.run();
            return new IllegalStateException(name + ": " + message, cause);
        };
        SharedServer shared = new SharedServer(
                config,
                storage._1(),
                Time.SYSTEM,
                new Metrics(),
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                List.of(),
                faults,
                sockets);
        ControllerServer controller =
                hasController ? new ControllerServer(shared, KafkaRaftServer.configSchema(), storage._2()) : null;
        return new KafkaNode(id, ports, controller, new BrokerServer(shared));
    }

    /** Returns the settings that identify a node, which an application cannot change. */
    private static Map<String, String> identity(int id, Path folder, boolean hasController) {
        return Map.of(
                "node.id",
                Integer.toString(id),
                "process.roles",
                hasController ? "broker,controller" : "broker",
                "log.dirs",
                folder.toString());
    }

    private static void format(int id, String clusterId, Path folder) throws Exception {
        new Formatter()
                // It would print to standard output, which may carry a protocol.
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(id)
                .setClusterId(clusterId)
                .setControllerListenerName(KafkaPorts.CONTROLLER)
                .setDirectories(List.of(folder.toString()))
                .setMetadataLogDirectory(folder.toString())
                .run();
    }

    int id() {
        return id;
    }

    String address(String listener) {
        return ports.address(listener);
    }

    void startController() {
        if (controller != null) {
            controller.startup();
        }
    }

    /** Starts the broker. When this method returns, the broker serves requests. */
    void startBroker() {
        broker.startup();
    }

    /** Stops the broker. When this method returns, its port is closed and its data flushed. The controller keeps running. */
    void stopBroker() {
        broker.shutdown(CONTROLLED_SHUTDOWN);
    }

    void stopController() {
        if (controller != null) {
            controller.shutdown();
        }
    }

    boolean knows(int brokers) {
        return IntStream.range(EmbeddedKafka.FIRST_BROKER, EmbeddedKafka.FIRST_BROKER + brokers)
                .allMatch(broker.metadataCache()::hasAliveBroker);
    }
}
