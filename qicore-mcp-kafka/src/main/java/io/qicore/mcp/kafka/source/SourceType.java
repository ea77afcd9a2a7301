package io.qicore.mcp.kafka.source;

import java.io.IOException;
import java.util.List;

/**
 * A type of source: opens sources from the {@code config} that an agent passes to {@code start_producer}. To add one, name its
 * class in {@code META-INF/services/io.qicore.mcp.kafka.source.SourceType}; the class is public and has a public constructor
 * without parameters.
 *
 * <pre>{@code
 * public final class SensorType implements SourceType<SensorType.Config> {
 *
 *     public record Config(@Schema("Ids of sensors") List<String> sensors) {}
 *
 *     public String name() {
 *         return "sensor";
 *     }
 *
 *     public String description() {
 *         return "Measurements of the sensors of the plant, keyed by sensor.";
 *     }
 *
 *     public Class<Config> configType() {
 *         return Config.class;
 *     }
 *
 *     public RecordSource open(Config config, SourcePosition from, SourceContext context) throws IOException {
 *         return new SensorSource(config.sensors(), from.findCount("time").orElse(0));
 *     }
 * }
 * }</pre>
 *
 * <p>Implementations are thread-safe and keep no state of the sources that they open. Errors that an agent can mend are made by
 * {@link SourceErrors}.
 *
 * @param <C> the settings of this type, a record whose components have a {@link io.qicore.mcp.tool.Schema}. {@code type},
 *     {@code topic}, {@code rate} and {@code position} are settings of every producer and not among them
 */
public interface SourceType<C extends Record> {

    /** Returns the value of the setting {@code type} that selects this type, such as {@code simulated}. */
    String name();

    /** Returns one sentence for agents: what the records are, and what their keys are. */
    String description();

    /** Returns the class of the settings. Its schema is what {@code list_source_types} shows and what a config must match. */
    Class<C> configType();

    /** Returns the topics that a source with these settings reads. A caller needs the right to use them. Default: none. */
    default List<String> topicsRead(C config) {
        return List.of();
    }

    /** Returns the records per second of a producer whose config does not have a {@code rate}; 0 for no limit. Default: 10. */
    default double defaultRate(C config) {
        return 10;
    }

    /**
     * Returns if a rate fits the settings. Called before {@link #open}, and when the rate is to be changed. By default every
     * rate does.
     *
     * @param rate records per second; 0 for no limit
     * @throws io.qicore.mcp.tool.MCPToolError if it does not, such as no limit for a source that never ends or waits
     */
    default void checkRate(C config, double rate) {}

    /**
     * Opens a source, within seconds: a call of {@code start_producer} waits for it. It should check everything that it can, because
     * the agent does not see a later failure in the answer of the call.
     *
     * @param from where to go on; {@link SourcePosition#START}, a position of a record of an earlier source with the same
     *     settings, or anything that an agent has passed
     * @throws io.qicore.mcp.tool.MCPToolError if a setting or the position is wrong
     * @throws SourceException if the data is wrong; agents see the message
     * @throws IOException if the source cannot be opened at the moment; the details are logged and not shown to agents
     * @throws InterruptedException if the thread is interrupted
     */
    RecordSource open(C config, SourcePosition from, SourceContext context) throws IOException, InterruptedException;
}
