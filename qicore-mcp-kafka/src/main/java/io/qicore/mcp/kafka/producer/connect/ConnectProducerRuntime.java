package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.connect.SourceConnectorConfig;
import io.qicore.mcp.kafka.connect.SourceOffset;
import io.qicore.mcp.kafka.internal.admin.NamedLocks;
import io.qicore.mcp.kafka.internal.admin.TopicCheck;
import io.qicore.mcp.kafka.producer.runtime.ProducerErrors;
import io.qicore.mcp.kafka.producer.runtime.ProducerRuntime;
import io.qicore.mcp.kafka.producer.runtime.ProducerState;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs producers on a Kafka Connect cluster, each as a connector with one task. The cluster holds what runs and where each source is:
 * it survives every replica of the server and every single worker, and any replica can command what another one has started. The
 * workers need the plugin of {@link io.qicore.mcp.kafka.connect} and Kafka 3.7 or later.
 *
 * <pre>{@code
 * var runtime = ConnectProducerRuntime.builder(
 *                 ConnectConnection.to("http://connect-1:8083", "http://connect-2:8083"), KafkaConnection.to("broker:9092"))
 *         .build();
 * var server = new StreamingProducerMCPServer(runtime, KafkaOptions.defaults());
 * }</pre>
 *
 * <p>Connect stores the positions of sources once a minute by default ({@code offset.flush.interval.ms} of the workers), and when a
 * producer is stopped. The position and the number of records of a status are those that were stored last; a task that is moved to
 * another worker sends the records since then again. Rate, buffer and errors that pass are not known.
 *
 * <p>Holds nothing that must be closed. Thread-safe.
 */
public final class ConnectProducerRuntime implements ProducerRuntime {

    /** Connect keeps ended connectors for ever, and an answer should not list them all. */
    private static final int MAX_ENDED = 100;

    private static final Duration OTHER_START = Duration.ofSeconds(3);

    /** What a broker that works may need for the first answer to a new client. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final SourceTypes types;
    private final String defaultTopic;
    private final String prefix;
    private final int maxRunning;
    private final Map<String, String> properties;
    private final Connectors connectors;
    private final Supplier<TopicCheck> topics;
    /** Only so that calls to this replica do not hinder each other: what counts is known by Connect. */
    private final NamedLocks starts = new NamedLocks();

    ConnectProducerRuntime(ConnectProducerRuntimeBuilder builder) {
        this.types = builder.types();
        this.defaultTopic = builder.defaultTopic();
        this.prefix = builder.prefix();
        this.maxRunning = builder.maxRunning();
        this.properties = builder.properties();
        this.connectors = builder.connectors();
        this.topics = builder::topics;
    }

    /**
     * Returns a new builder.
     *
     * @param connect the workers
     * @param kafka the cluster to which the workers write. This process only looks up topics there
     */
    public static ConnectProducerRuntimeBuilder builder(ConnectConnection connect, KafkaConnection kafka) {
        return new ConnectProducerRuntimeBuilder(connect, kafka);
    }

    @Override
    public SourceTypes sourceTypes() {
        return types;
    }

    @Override
    public String defaultTopic() {
        return defaultTopic;
    }

    @Override
    public ProducerStatus start(String sourceId, SourceSpec spec, Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        try (NamedLocks.Held held = starts.tryAcquire(sourceId, deadline.left())) {
            if (held == null) {
                throw startedByAnother(sourceId, timeout);
            }
            return start(sourceId, spec, timeout, deadline);
        }
    }

    private ProducerStatus start(String sourceId, SourceSpec spec, Duration timeout, Deadline deadline)
            throws InterruptedException {
        String name = prefix + sourceId;
        while (true) {
            Connector connector = connectors.find(name, deadline);
            if (connector != null && !ConnectProducer.is(connector)) {
                throw ProducerErrors.takenByConnector(sourceId);
            }
            ConnectProducer existing = connector == null ? null : producer(connector);
            if (existing != null && !existing.state().hasEnded()) {
                requireSame(existing, spec);
                return existing.state() == ProducerState.PAUSED
                        ? go(sourceId, timeout, deadline)
                        : status(existing, deadline);
            }
            requirePlace(deadline);
            requireTopic(sourceId, spec, timeout, deadline);
            if (prepare(name, spec, existing, deadline)) {
                ProducerStatus started = go(sourceId, timeout, deadline);
                // Connect has no condition on changes: another start may have come between.
                requireSame(require(sourceId, deadline), spec);
                return started;
            }
            // A replica was quicker, and its call resumes the connector soon.
            Deadline soon = deadline.left().compareTo(OTHER_START) < 0 ? deadline : Deadline.in(OTHER_START);
            await(name, producer -> !producer.connector().is(ConnectProducer.STOPPED), soon);
            if (deadline.isOver()) {
                throw startedByAnother(sourceId, timeout);
            }
        }
    }

    private static MCPToolError startedByAnother(String sourceId, Duration timeout) {
        return ProducerErrors.late(sourceId, "is being started by another call", ProducerState.RUNNING, timeout);
    }

    /** Makes a stopped connector at the position of the spec. Returns false if another call was quicker. */
    private boolean prepare(String name, SourceSpec spec, @Nullable ConnectProducer existing, Deadline deadline)
            throws InterruptedException {
        Map<String, String> config = new LinkedHashMap<>(SourceConnectorConfig.of(name, spec));
        config.putAll(properties);
        config.put(
                SourceConnectorConfig.STARTED,
                Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        String position = connectors.validate(config, deadline).get(SourceConnectorConfig.POSITION);
        if (position != null) {
            config.put(SourceConnectorConfig.POSITION, SourceConnectorConfig.withoutReferences(position));
        }
        if (existing == null) {
            if (!connectors.create(name, config, deadline)) {
                return false;
            }
        } else {
            connectors.stop(name, deadline);
            if (await(name, ConnectProducer::isAtRest, deadline) == null) {
                return false;
            }
            connectors.configure(name, config, deadline);
        }
        // A deleted connector leaves its offsets to the next one with its name. They can be deleted once Connect has
        // seen the stop.
        while (!connectors.resetOffsets(name, deadline)) {
            ConnectProducer now = find(name, deadline);
            if (now == null
                    || !now.connector().is(ConnectProducer.STOPPED)
                    || !deadline.pause(Duration.ofMillis(100))) {
                return false;
            }
        }
        return true;
    }

    private static void requireSame(ConnectProducer existing, SourceSpec spec) {
        SourceSpec other = existing.spec();
        if (!spec.equals(other)) {
            throw ProducerErrors.exists(
                    existing.sourceId(), other == null ? List.of("config") : other.differences(spec));
        }
    }

    /** Lets a paused or stopped producer run, and waits until it does. */
    private ProducerStatus go(String sourceId, Duration timeout, Deadline deadline) throws InterruptedException {
        connectors.resume(prefix + sourceId, deadline);
        ConnectProducer running = await(
                prefix + sourceId,
                producer -> producer.isRunning()
                        || (producer.state().hasEnded() && !producer.connector().is(ConnectProducer.STOPPED)),
                deadline);
        if (running == null) {
            throw ProducerErrors.late(sourceId, "waits for a worker", ProducerState.RUNNING, timeout);
        }
        ProducerStatus status = status(running, deadline);
        if (running.hasFailed()) {
            throw new MCPToolError(
                    KafkaErrorCode.CONNECT_ERROR,
                    "Producer '" + sourceId + "' failed on Kafka Connect: "
                            + status.metrics().lastError(),
                    Map.of("sourceId", sourceId));
        }
        return status;
    }

    @Override
    public ProducerStatus stop(String sourceId, Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        ConnectProducer producer = require(sourceId, deadline);
        if (producer.state() == ProducerState.COMPLETED) {
            return status(producer, deadline);
        }
        connectors.stop(prefix + sourceId, deadline);
        ConnectProducer stopped = await(prefix + sourceId, ConnectProducer::isAtRest, deadline);
        if (stopped == null) {
            throw ProducerErrors.late(sourceId, "is stopping", ProducerState.STOPPED, timeout);
        }
        return status(stopped, deadline);
    }

    @Override
    public ProducerStatus pause(String sourceId, Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        requireNotEnded(require(sourceId, deadline));
        connectors.pause(prefix + sourceId, deadline);
        ConnectProducer paused = await(
                prefix + sourceId,
                producer -> producer.isPaused() || producer.state().hasEnded(),
                deadline);
        if (paused == null) {
            throw ProducerErrors.late(sourceId, "is being paused", ProducerState.PAUSED, timeout);
        }
        requireNotEnded(paused);
        return status(paused, deadline);
    }

    @Override
    public ProducerStatus resume(String sourceId, Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        ConnectProducer producer = require(sourceId, deadline);
        switch (producer.state()) {
            case COMPLETED -> throw ProducerErrors.ended(sourceId, ProducerState.COMPLETED);
            case STOPPED, FAILED -> {
                SourceSpec spec = producer.spec();
                if (spec != null) {
                    requirePlace(deadline);
                    requireTopic(sourceId, spec, timeout, deadline);
                }
                if (producer.state() == ProducerState.FAILED) {
                    // Connect's restart would leave the old failure in the status for a moment.
                    stop(sourceId, deadline.left());
                }
                return go(sourceId, timeout, deadline);
            }
            case PAUSED -> {
                return go(sourceId, timeout, deadline);
            }
            default -> {
                return status(producer, deadline);
            }
        }
    }

    @Override
    public ProducerStatus setRate(String sourceId, double rate, Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        ConnectProducer producer = require(sourceId, deadline);
        requireNotEnded(producer);
        SourceSpec spec = producer.spec();
        if (spec != null) {
            spec.checkRate(rate);
        }
        Map<String, String> config = new LinkedHashMap<>(producer.connector().config());
        config.put(SourceConnectorConfig.RATE, String.valueOf(rate));
        connectors.configure(prefix + sourceId, config, deadline);
        return status(require(sourceId, deadline), deadline);
    }

    @Override
    public List<ProducerStatus> status(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        List<ConnectProducer> producers = shown(producers(deadline));
        Map<String, Optional<SourceOffset>> offsets = connectors.offsets(
                producers.stream().map(producer -> producer.connector().name()).toList(), deadline);
        return producers.stream()
                .map(producer ->
                        producer.status(offsets.get(producer.connector().name())))
                .toList();
    }

    /**
     * Returns {@code list_connectors}, {@code get_connector_status}, {@code pause_connector}, {@code resume_connector} and
     * {@code restart_connector}, which are for any connector of the cluster.
     */
    @Override
    public List<MCPTool> tools(KafkaPolicy policy) {
        ConnectorAccess access = new ConnectorAccess(policy, connectors, types);
        List<MCPTool> tools = new ArrayList<>();
        tools.add(ListConnectorsTool.tool(access));
        tools.add(GetConnectorStatusTool.tool(access));
        tools.addAll(ChangeConnectorTools.all(access));
        return List.copyOf(tools);
    }

    /** Starts are rare, so no connection is kept for them. */
    private void requireTopic(String sourceId, SourceSpec spec, Duration timeout, Deadline deadline)
            throws InterruptedException {
        Duration left = deadline.left();
        try (TopicCheck check = topics.get()) {
            check.requireTopic(spec.topic(), left);
        } catch (MCPToolError e) {
            // If other calls took the time, nothing is known about the broker.
            if (e.is(KafkaErrorCode.BROKER_UNAVAILABLE) && left.compareTo(SHORT) < 0 && timeout.compareTo(SHORT) >= 0) {
                throw ProducerErrors.late(
                        sourceId, "has waited too long for other calls", ProducerState.RUNNING, timeout);
            }
            throw e;
        }
    }

    /** Returns the producers that have not ended, and of the others those that were started last. */
    private static List<ConnectProducer> shown(List<ConnectProducer> producers) {
        List<ConnectProducer> ended = producers.stream()
                .filter(producer -> producer.state().hasEnded())
                .toList();
        List<ConnectProducer> shown = new ArrayList<>(producers);
        shown.removeAll(ended.subList(0, Math.max(ended.size() - MAX_ENDED, 0)));
        return shown;
    }

    /** Returns all producers in the order of their starts. */
    private List<ConnectProducer> producers(Deadline deadline) throws InterruptedException {
        return connectors.all(deadline).stream()
                .filter(connector -> connector.name().startsWith(prefix) && ConnectProducer.is(connector))
                .map(this::producer)
                .sorted(Comparator.comparing(ConnectProducer::startedAt).thenComparing(ConnectProducer::sourceId))
                .toList();
    }

    private ConnectProducer producer(Connector connector) {
        return ConnectProducer.of(connector.name().substring(prefix.length()), connector, types);
    }

    private @Nullable ConnectProducer find(String name, Deadline deadline) throws InterruptedException {
        Connector connector = connectors.find(name, deadline);
        return connector == null || !ConnectProducer.is(connector) ? null : producer(connector);
    }

    private ConnectProducer require(String sourceId, Deadline deadline) throws InterruptedException {
        ConnectProducer producer = find(prefix + sourceId, deadline);
        if (producer == null) {
            throw ProducerErrors.notFound(
                    sourceId,
                    shown(producers(deadline)).stream()
                            .map(ConnectProducer::sourceId)
                            .toList());
        }
        return producer;
    }

    private static void requireNotEnded(ConnectProducer producer) {
        if (producer.state().hasEnded()) {
            throw ProducerErrors.ended(producer.sourceId(), producer.state());
        }
    }

    private void requirePlace(Deadline deadline) throws InterruptedException {
        List<String> running = producers(deadline).stream()
                .filter(producer -> !producer.state().hasEnded())
                .map(ConnectProducer::sourceId)
                .toList();
        if (running.size() >= maxRunning) {
            throw ProducerErrors.tooMany(maxRunning, running);
        }
    }

    private @Nullable ConnectProducer await(String name, Predicate<ConnectProducer> expected, Deadline deadline)
            throws InterruptedException {
        Connector connector =
                connectors.await(name, now -> ConnectProducer.is(now) && expected.test(producer(now)), deadline);
        return connector == null ? null : producer(connector);
    }

    private ProducerStatus status(ConnectProducer producer, Deadline deadline) throws InterruptedException {
        String name = producer.connector().name();
        return producer.status(Objects.requireNonNull(connectors.offsets(List.of(name), deadline))
                .get(name));
    }
}
