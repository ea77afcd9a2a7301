package io.qicore.mcp.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Apache Kafka cluster (KRaft) in this JVM, reachable on free ports of the loopback interface.
 *
 * <pre>{@code
 * try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
 *     try (Admin admin = Admin.create(kafka.clientProperties())) {
 *         admin.createTopics(List.of(new NewTopic("orders", 3, (short) 1))).all().get();
 *     }
 * }
 * }</pre>
 *
 * <p>Automatic topic creation is off. Data is kept in a temporary folder that {@link #close()} removes; a shutdown hook
 * removes it if the JVM ends first. Logs go to SLF4J only. After {@code close}, one daemon thread remains: the ticker of the
 * metrics library that Kafka uses, which exists once per JVM.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {

    static final int FIRST_BROKER = 0;

    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);

    private static final Duration BROKERS_KNOW_EACH_OTHER = Duration.ofSeconds(30);

    private final List<KafkaNode> nodes = new ArrayList<>();
    private final List<LoopbackSockets> sockets = new ArrayList<>();
    private @Nullable TemporaryFolder folder;
    private @Nullable ShutdownHook hook;
    private boolean closed;

    private EmbeddedKafka() {}

    /**
     * Starts a cluster of one broker.
     *
     * @return a cluster that serves requests
     * @throws IllegalStateException when the broker does not start, or the JVM is ending
     */
    public static EmbeddedKafka start() {
        return builder().start();
    }

    /** Returns a builder of a cluster of one broker with settings made for quick tests. */
    public static Builder builder() {
        return new Builder();
    }

    private synchronized void open(
            int brokers, Map<String, String> properties, List<KafkaListener> listeners, IntUnaryOperator advertised) {
        // Registered first, so that Ctrl-C cannot leave anything behind at any point: the hook waits
        // until this method has ended.
        hook = ShutdownHook.register(this::close);
        try {
            folder = TemporaryFolder.create("qicore-kafka-");
            createNodes(brokers, properties, listeners, advertised, folder);
            nodes.forEach(KafkaNode::startController);
            inParallel(nodes, KafkaNode::startBroker);
            awaitBrokersKnowEachOther();
        } catch (Exception e) {
            close();
            throw new IllegalStateException("The embedded Kafka broker did not start: " + e.getMessage(), e);
        }
    }

    private void createNodes(
            int brokers,
            Map<String, String> properties,
            List<KafkaListener> listeners,
            IntUnaryOperator advertised,
            TemporaryFolder folder)
            throws Exception {
        String clusterId = Uuid.randomUuid().toString();
        int controllerPort = 0;
        for (int id = FIRST_BROKER; id < FIRST_BROKER + brokers; id++) {
            LoopbackSockets bound = new LoopbackSockets();
            sockets.add(bound);
            if (id == FIRST_BROKER) {
                controllerPort = bound.reserve(KafkaPorts.CONTROLLER);
            }
            KafkaPorts ports = KafkaPorts.reserve(bound, controllerPort, listeners, advertised);
            nodes.add(KafkaNode.create(id, ports, clusterId, folder.resolve("node-" + id), properties, bound));
        }
    }

    private void awaitBrokersKnowEachOther() throws InterruptedException {
        long deadline = System.nanoTime() + BROKERS_KNOW_EACH_OTHER.toNanos();
        while (!nodes.stream().allMatch(node -> node.knows(nodes.size()))) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("brokers did not find each other in " + BROKERS_KNOW_EACH_OTHER);
            }
            Thread.sleep(20);
        }
    }

    /** Returns the addresses of all brokers, {@code host:port} separated by commas. They never change. */
    public String bootstrapServers() {
        return bootstrapServers(KafkaListener.BROKER.name());
    }

    /**
     * Returns the addresses of all brokers for clients of a listener that {@link Builder#listener} added.
     *
     * @throws IllegalArgumentException when there is no such listener
     */
    public synchronized String bootstrapServers(String listener) {
        return nodes.stream().map(node -> node.address(listener)).collect(Collectors.joining(","));
    }

    /** Returns the properties that a Kafka client needs to connect to this cluster, in a map that the caller may change. */
    public Map<String, Object> clientProperties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        return properties;
    }

    /**
     * Stops the first broker as {@link #stopBroker(int)} does.
     *
     * @throws IllegalStateException when the cluster is closed
     */
    public void stopBroker() {
        stopBroker(FIRST_BROKER);
    }

    /**
     * Stops a broker with a controlled shutdown. Does nothing if it is already stopped. When this method returns, the
     * broker's port is closed. Its data is kept, and the cluster's controller keeps running.
     *
     * @param id from 0 to the number of brokers - 1
     * @throws IllegalArgumentException when there is no such broker
     * @throws IllegalStateException when the cluster is closed
     */
    public synchronized void stopBroker(int id) {
        node(id).stopBroker();
    }

    /**
     * Starts the first broker again as {@link #startBroker(int)} does.
     *
     * @throws IllegalStateException when the cluster is closed
     */
    public void startBroker() {
        startBroker(FIRST_BROKER);
    }

    /**
     * Starts a stopped broker again on the same port and with its data. Does nothing if it is running. When this method
     * returns, the broker serves requests; that can take up to 4 seconds after it was stopped.
     *
     * @param id from 0 to the number of brokers - 1
     * @throws IllegalArgumentException when there is no such broker
     * @throws IllegalStateException when the cluster is closed
     */
    public synchronized void startBroker(int id) {
        node(id).startBroker();
    }

    private KafkaNode node(int id) {
        if (closed) {
            throw new IllegalStateException("the embedded Kafka cluster is closed");
        }
        return nodes.stream()
                .filter(node -> node.id() == id)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no broker " + id + "; there are brokers " + FIRST_BROKER + " to " + (nodes.size() - 1)));
    }

    /**
     * Stops the cluster and removes its data. When this method returns, its ports are closed, its
     * threads have ended and its folder is gone. Further calls do nothing.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (hook != null) {
            hook.remove();
        }
        // The same order as in KafkaRaftServer: brokers hand over their partitions through the controller, so it stops
        // last.
        quietly("stop the brokers", () -> inParallel(nodes, KafkaNode::stopBroker));
        nodes.forEach(node -> quietly("stop the controller", node::stopController));
        sockets.forEach(bound -> quietly("close the sockets", bound::close));
        if (folder != null) {
            quietly("remove the data", folder::close);
        }
    }

    private static void quietly(String what, Step step) {
        try {
            step.run();
        } catch (Exception e) {
            log.warn("The embedded Kafka cluster could not {}", what, e);
        }
    }

    private static void inParallel(List<KafkaNode> nodes, Consumer<KafkaNode> step) throws Exception {
        if (nodes.size() == 1) {
            step.accept(nodes.get(0));
            return;
        }
        try {
            CompletableFuture.allOf(nodes.stream()
                            .map(node -> CompletableFuture.runAsync(
                                    () -> step.accept(node), task -> new Thread(task, "embedded-kafka").start()))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /**
     * Collects the settings of an {@link EmbeddedKafka}.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {

        private static final Set<String> FIXED = Set.of(
                "node.id",
                "broker.id",
                "process.roles",
                "listeners",
                "advertised.listeners",
                "listener.security.protocol.map",
                "inter.broker.listener.name",
                "security.inter.broker.protocol",
                "controller.listener.names",
                "controller.quorum.voters",
                "controller.quorum.bootstrap.servers",
                "log.dir",
                "log.dirs",
                "metadata.log.dir");

        private static final int INTERNAL_TOPIC_PARTITIONS = 5;

        private final Map<String, String> properties = new HashMap<>();
        private final List<KafkaListener> listeners = new ArrayList<>(List.of(KafkaListener.BROKER));
        private IntUnaryOperator advertised = IntUnaryOperator.identity();
        private int brokers = 1;

        private Builder() {}

        /**
         * Sets the number of brokers. The default is 1. The first broker is also the controller.
         *
         * @throws IllegalArgumentException when {@code brokers} is less than 1
         */
        public Builder brokers(int brokers) {
            if (brokers < 1) {
                throw new IllegalArgumentException("brokers must be at least 1, but is " + brokers);
            }
            this.brokers = brokers;
            return this;
        }

        /**
         * Sets a broker property, as in {@code server.properties}.
         *
         * @throws IllegalArgumentException when the cluster sets the property itself: identity, listeners and folders
         */
        public Builder brokerProperty(String name, String value) {
            if (FIXED.contains(name)) {
                throw new IllegalArgumentException("The embedded cluster sets " + name + " itself");
            }
            properties.put(name, Objects.requireNonNull(value, name));
            return this;
        }

        /**
         * Adds a listener for clients, in addition to the one without any security that
         * {@link EmbeddedKafka#clientProperties()} uses. {@link EmbeddedKafka#bootstrapServers(String)} returns its addresses.
         *
         * <pre>{@code
         * builder.listener("SASL", SecurityProtocol.SASL_PLAINTEXT, Map.of(
         *         "sasl.enabled.mechanisms", "PLAIN",
         *         "plain.sasl.jaas.config",
         *         PlainLoginModule.class.getName() + " required user_alice=\"secret\";"));
         * }</pre>
         *
         * @param name letters and digits, unique in this cluster
         * @param properties broker properties of this listener alone, without their {@code listener.name.…} prefix
         * @throws IllegalArgumentException when the name is in use or has other characters
         */
        public Builder listener(String name, SecurityProtocol protocol, Map<String, String> properties) {
            boolean taken = name.equalsIgnoreCase(KafkaPorts.CONTROLLER)
                    || listeners.stream().anyMatch(other -> other.name().equalsIgnoreCase(name));
            if (taken) {
                throw new IllegalArgumentException("the embedded cluster already has a listener " + name);
            }
            listeners.add(new KafkaListener(name, protocol, properties));
            return this;
        }

        /**
         * Sets the ports that brokers advertise, for tests that put a proxy between the brokers and their clients, such as to
         * cut one broker off. Brokers connect to each other and to the controller by these ports, too. Default: the ports that
         * they listen on.
         *
         * @param proxies returns the port of the proxy in front of a port; always the same one for the same port
         */
        public Builder advertisedPorts(IntUnaryOperator proxies) {
            this.advertised = Objects.requireNonNull(proxies, "proxies");
            return this;
        }

        /**
         * Starts the cluster.
         *
         * @return a cluster all of whose brokers serve requests
         * @throws IllegalStateException when a broker does not start, or the JVM is ending
         */
        public EmbeddedKafka start() {
            Map<String, String> all = defaults(brokers);
            all.putAll(properties);
            EmbeddedKafka kafka = new EmbeddedKafka();
            kafka.open(brokers, all, List.copyOf(listeners), advertised);
            return kafka;
        }

        private static Map<String, String> defaults(int brokers) {
            Map<String, String> defaults = new HashMap<>();
            defaults.put("auto.create.topics.enable", "false");
            defaults.put("group.initial.rebalance.delay.ms", "0");
            // The controller does not register a restarted broker before the broker's previous session
            // has expired, which takes 9 s by default. The broker tries again at each heartbeat.
            defaults.put("broker.session.timeout.ms", "3000");
            defaults.put("broker.heartbeat.interval.ms", "500");
            // 128 MB by default, which is more than any test needs
            defaults.put("log.cleaner.dedupe.buffer.size", "2097152");
            defaults.put("num.network.threads", "2");
            defaults.put("num.io.threads", "4");
            String replicas = Integer.toString(Math.min(brokers, 3));
            for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
                defaults.put(topic + ".num.partitions", Integer.toString(INTERNAL_TOPIC_PARTITIONS));
                defaults.put(topic + ".replication.factor", replicas);
            }
            defaults.put("transaction.state.log.min.isr", "1");
            defaults.put("share.coordinator.state.topic.min.isr", "1");
            return defaults;
        }
    }
}
