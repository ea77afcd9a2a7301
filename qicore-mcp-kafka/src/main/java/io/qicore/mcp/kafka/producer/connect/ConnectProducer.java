package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.kafka.connect.SourceConnectorConfig;
import io.qicore.mcp.kafka.connect.SourceOffset;
import io.qicore.mcp.kafka.producer.runtime.ProducerMetrics;
import io.qicore.mcp.kafka.producer.runtime.ProducerState;
import io.qicore.mcp.kafka.producer.runtime.ProducerStatus;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A connector that is a producer. Immutable.
 *
 * @param config null if somebody else has changed it so that it cannot be read
 */
record ConnectProducer(
        String sourceId, Connector connector, @Nullable SourceConnectorConfig config) {

    static final String RUNNING = "RUNNING";
    static final String PAUSED = "PAUSED";
    static final String STOPPED = "STOPPED";
    private static final String FAILED = "FAILED";
    private static final String UNKNOWN = "unknown";

    static boolean is(Connector connector) {
        return SourceConnectorConfig.CONNECTOR_CLASS.equals(connector.config().get("connector.class"));
    }

    static ConnectProducer of(String sourceId, Connector connector, SourceTypes types) {
        // References to secrets are resolved by the workers only, and the values are not needed here.
        Map<String, String> properties = new HashMap<>(connector.config());
        properties
                .keySet()
                .removeIf(name -> name.startsWith(SourceConnectorConfig.KAFKA_PREFIX)
                        && !name.equals(SourceConnectorConfig.BOOTSTRAP_SERVERS));
        SourceConnectorConfig config;
        try {
            config = new SourceConnectorConfig(properties, types);
        } catch (ConfigException | MCPToolError | IllegalArgumentException e) {
            config = null;
        }
        return new ConnectProducer(sourceId, connector, config);
    }

    @Nullable
    SourceSpec spec() {
        return config == null ? null : config.spec();
    }

    ProducerState state() {
        if (connector.is(STOPPED)) {
            return ProducerState.STOPPED;
        }
        String trace = connector.anyTrace();
        if (trace != null) {
            return trace.startsWith(SourceConnectorConfig.COMPLETED) ? ProducerState.COMPLETED : ProducerState.FAILED;
        }
        if (connector.is(PAUSED)) {
            return ProducerState.PAUSED;
        }
        // Connect gives it to a worker again, after a while.
        return isRunning() ? ProducerState.RUNNING : ProducerState.RETRYING;
    }

    boolean isRunning() {
        // While the cluster rebalances, the task can run although the connector itself is not assigned.
        return !connector.is(STOPPED)
                && !connector.is(PAUSED)
                && !connector.tasks().isEmpty()
                && connector.tasks().stream().allMatch(task -> task.state().equals(RUNNING));
    }

    boolean isPaused() {
        return connector.is(PAUSED)
                && connector.tasks().stream().noneMatch(task -> task.state().equals(RUNNING));
    }

    /** Returns whether it is stopped and Connect has stored where its task was. */
    boolean isAtRest() {
        return connector.is(STOPPED)
                && connector.tasks().stream()
                        .noneMatch(task -> task.state().equals(RUNNING)
                                || task.state().equals(PAUSED)
                                || task.state().equals("RESTARTING"));
    }

    boolean hasFailed() {
        return connector.is(FAILED) || state() == ProducerState.FAILED;
    }

    Instant startedAt() {
        try {
            return Instant.parse(connector.config().getOrDefault(SourceConnectorConfig.STARTED, ""));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** @param offset what Connect has stored; empty if nothing yet, null if it does not tell */
    ProducerStatus status(@Nullable Optional<SourceOffset> offset) {
        ProducerState state = state();
        SourceSpec spec = spec();
        SourceOffset stored = offset == null ? null : offset.orElse(null);
        SourcePosition begin = config == null ? null : config.begin();
        return new ProducerStatus(
                sourceId,
                state,
                spec == null ? UNKNOWN : spec.type(),
                spec == null ? UNKNOWN : spec.topic(),
                spec == null ? List.of() : spec.topicsRead(),
                stored != null ? stored.position() : offset == null ? null : begin,
                new ProducerMetrics(
                        stored == null ? null : stored.records(),
                        stored == null ? null : stored.bytes(),
                        null,
                        config == null ? null : config.rate(),
                        null,
                        null,
                        startedAt().equals(Instant.EPOCH) ? null : startedAt(),
                        null,
                        stored == null ? null : stored.time(),
                        null,
                        null,
                        lastError(state)));
    }

    private @Nullable String lastError(ProducerState state) {
        return switch (state) {
            case FAILED -> Traces.summary(connector, connector.config());
            case RETRYING ->
                "No worker of the Connect cluster runs it at the moment. Connect assigns it to one by itself.";
            default -> config == null ? "Its config on the Connect cluster is not one of a producer any more." : null;
        };
    }
}
