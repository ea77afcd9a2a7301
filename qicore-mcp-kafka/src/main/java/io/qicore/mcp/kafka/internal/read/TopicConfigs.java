package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/** The configuration of topics, read with one request for all. {@link #request} sends it and does not wait. */
public final class TopicConfigs {

    private final AdminSession kafka;
    private final Map<ConfigResource, KafkaFuture<Config>> requested;

    private TopicConfigs(AdminSession kafka, Map<ConfigResource, KafkaFuture<Config>> requested) {
        this.kafka = kafka;
        this.requested = requested;
    }

    /** Requests the configuration of topics. Does not wait. */
    public static TopicConfigs request(AdminSession kafka, Collection<String> topics) {
        var resources = topics.stream().map(TopicConfigs::resource).toList();
        var options = kafka.bounded(new DescribeConfigsOptions().includeSynonyms(true));
        return new TopicConfigs(
                kafka,
                resources.isEmpty()
                        ? Map.of()
                        : kafka.admin().describeConfigs(resources, options).values());
    }

    /** Returns the configuration resource of a topic. */
    public static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /**
     * Waits for the configuration of one of the topics.
     *
     * @return the entries by name
     * @throws MCPToolError if it cannot be read
     */
    public Map<String, ConfigEntry> await(String topic) {
        var operation = KafkaOperation.toRead(
                "read the configuration of topic '" + topic + "'",
                Map.of("topic", topic),
                Access.toTopic(AclOperation.DESCRIBE_CONFIGS, topic));
        Map<String, ConfigEntry> entries = new LinkedHashMap<>();
        kafka.await(requested.get(resource(topic)), operation)
                .entries()
                .forEach(entry -> entries.put(entry.name(), entry));
        return entries;
    }

    /** Returns the values that are set on the topic or inherited from a broker, if they differ from Kafka's default. */
    public static SortedMap<String, String> overrides(Map<String, ConfigEntry> entries) {
        SortedMap<String, String> overrides = new TreeMap<>();
        entries.values().stream()
                .filter(TopicConfigs::differs)
                .forEach(entry -> overrides.put(entry.name(), entry.value()));
        return overrides;
    }

    /** Returns a setting whose value is a whole number; null if the topic does not have this setting. */
    public static @Nullable Integer number(Map<String, ConfigEntry> entries, String name) {
        ConfigEntry entry = entries.get(name);
        return entry == null || entry.value() == null
                ? null
                : Integer.valueOf(entry.value().strip());
    }

    private static boolean differs(ConfigEntry entry) {
        return entry.value() != null
                && (entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG
                        || !entry.isDefault()
                                && entry.synonyms().stream()
                                        .filter(synonym -> synonym.source() == ConfigSource.DEFAULT_CONFIG)
                                        .noneMatch(synonym -> entry.value().equals(synonym.value())));
    }
}
