package io.qicore.mcp.kafka.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.tool.Json;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The {@code config} of a producer, read and checked, with defaults filled in. Two are equal if they have the same settings,
 * however these were written. Immutable and thread-safe.
 *
 * @see SourceTypes#read
 */
public final class SourceSpec {

    private final String type;
    private final String topic;
    private final List<String> topicsRead;
    private final double rate;
    private final SourcePosition position;
    private final ObjectNode config;
    private final Opener opener;
    private final RateCheck rateCheck;

    /** Opens the source at a position. */
    @FunctionalInterface
    private interface Opener {
        RecordSource open(SourcePosition from, SourceContext context) throws IOException, InterruptedException;
    }

    @FunctionalInterface
    private interface RateCheck {
        void check(double rate);
    }

    private <C extends Record> SourceSpec(
            SourceType<C> source, C own, String topic, double rate, SourcePosition position) {
        this.type = source.name();
        this.topic = topic;
        this.topicsRead = List.copyOf(source.topicsRead(own));
        this.rate = rate;
        this.position = position;
        this.opener = (from, context) -> source.open(own, from, context);
        this.rateCheck = chosen -> source.checkRate(own, chosen);
        this.config = Json.MAPPER.createObjectNode();
        config.put("type", type).put("topic", topic).put("rate", rate);
        if (!position.isStart()) {
            config.set("position", Json.MAPPER.valueToTree(position.values()));
        }
        config.setAll(Json.MAPPER.<ObjectNode>valueToTree(own));
    }

    static <C extends Record> SourceSpec of(
            SourceType<C> source, C own, String topic, double rate, SourcePosition position) {
        SourceSpec spec = new SourceSpec(source, own, topic, rate, position);
        if (spec.topicsRead.contains(topic)) {
            throw SourceErrors.invalid(
                    "topic", "must not be '" + topic + "', which the source reads: it would never end");
        }
        spec.checkRate(rate);
        return spec;
    }

    /** Returns the type of the source. */
    public String type() {
        return type;
    }

    /** Returns the topic to write to. */
    public String topic() {
        return topic;
    }

    /** Returns the topics that the source reads; mostly none. */
    public List<String> topicsRead() {
        return topicsRead;
    }

    /** Returns the most records per second; 0 for no limit. */
    public double rate() {
        return rate;
    }

    /** Returns where the source begins. */
    public SourcePosition position() {
        return position;
    }

    /** Returns a copy of all settings with their defaults. {@link SourceTypes#read} makes an equal spec of it. */
    public ObjectNode config() {
        return config.deepCopy();
    }

    /**
     * Returns if a rate fits the settings.
     *
     * @throws io.qicore.mcp.tool.MCPToolError if it does not
     */
    public void checkRate(double chosen) {
        rateCheck.check(chosen);
    }

    /**
     * Opens the source.
     *
     * @param from where to go on; {@link #position()} at first
     * @throws IOException as {@link SourceType#open} does
     * @throws InterruptedException if the thread is interrupted
     */
    public RecordSource open(SourcePosition from, SourceContext context) throws IOException, InterruptedException {
        return opener.open(from, context);
    }

    /** Returns the names of the settings that the other one has differently, sorted. */
    public List<String> differences(SourceSpec other) {
        TreeSet<String> names = new TreeSet<>();
        Stream.of(config, other.config)
                .forEach(settings -> settings.fieldNames().forEachRemaining(names::add));
        names.removeIf(name -> Objects.equals(config.get(name), other.config.get(name)));
        return List.copyOf(names);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceSpec spec && config.equals(spec.config);
    }

    @Override
    public int hashCode() {
        return config.hashCode();
    }

    /** Returns the settings. */
    @Override
    public String toString() {
        return "SourceSpec" + config;
    }
}
