package io.qicore.mcp.kafka.access;

import io.qicore.mcp.host.Setting;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.kafka.internal.http.HttpAddress;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * The settings of the Kafka servers: {@code KAFKA_TOOLS_…} for what agents may do, and the properties of Kafka's admin
 * client, consumer and producer as {@code KAFKA_…}, such as {@code KAFKA_SASL_MECHANISM} for {@code sasl.mechanism}.
 *
 * <pre>{@code
 * Settings settings = KafkaSettings.table().read(System.getenv());
 * var server = new KafkaMCPServer(KafkaConnection.from(settings), KafkaOptions.from(settings));
 * }</pre>
 *
 * <p>Stateless and thread-safe.
 */
public final class KafkaSettings {

    private static final String PREFIX = "KAFKA_";
    private static final String TOOLS_PREFIX = "KAFKA_TOOLS_";

    static final Setting<String> BOOTSTRAP_SERVERS = Setting.text(key(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG))
            .required()
            .describedAs("Addresses of one or more brokers of the cluster, such as `broker1:9092,broker2:9092`.");

    static final Setting<Boolean> READ_ONLY = Setting.bool(TOOLS_PREFIX + "READ_ONLY")
            .orElse(false)
            .protecting("KAFKA_WRITES_ENABLED")
            .describedAs("Offers only tools that change nothing.");

    static final Setting<List<String>> ALLOWED = names("ALLOWED", "tools")
            .protecting("KAFKA_ALLOWED_TOOLS")
            .describedAs("The tools that are offered, by name or pattern, such as `get_*,list_*`. By default all.");

    static final Setting<List<String>> TOPICS = names("TOPICS", "topics")
            .protecting("KAFKA_ALLOWED_TOPICS")
            .tolerating("KAFKA_TOPIC")
            .describedAs("The topics that agents may see and use, by name or pattern, such as `orders-*`. By default"
                    + " all.");

    static final Setting<List<String>> GROUPS = names("GROUPS", "groups")
            .protecting("KAFKA_ALLOWED_GROUPS", "KAFKA_ALLOWED_CONSUMER_GROUPS")
            .tolerating("KAFKA_GROUP", "KAFKA_GROUP_ID")
            .describedAs("The consumer groups that agents may see and use, by id or pattern. By default all.");

    static final Setting<ConfirmationMode> CONFIRMATION = Setting.choice(
                    TOOLS_PREFIX + "CONFIRMATION", ConfirmationMode.class)
            .orElse(ConfirmationMode.DESTRUCTIVE)
            .protecting()
            .describedAs(
                    "Which changes the user must confirm: those that permanently delete something or skip records on"
                            + " more than one partition, all, or none.");

    static final Setting<Boolean> RECORDS = Setting.bool(TOOLS_PREFIX + "RECORDS")
            .orElse(false)
            .describedAs("Offers tools that show the contents of records: `get_records`, `search_records` and"
                    + " `tail_topic`.");

    static final Setting<Boolean> PRODUCE = Setting.bool(TOOLS_PREFIX + "PRODUCE")
            .orElse(false)
            .describedAs("Offers tools that write records and abort hanging transactions: `produce_records` and"
                    + " `abort_transaction`.");

    static final Setting<List<String>> MASK_FIELDS = names("MASK_FIELDS", "fields")
            .checked(
                    names -> names.stream().allMatch(KafkaPolicy::isMaskedField),
                    "be names of fields, such as `email,card.*`")
            .protecting("KAFKA_MASK_FIELDS", "KAFKA_MASKED_FIELDS", "KAFKA_TOOLS_MASKED_FIELDS")
            .describedAs("Fields of records whose values are masked, such as `email,card.*`: fields of JSON objects at"
                    + " any depth, and headers; `$key` for the keys of records. By default none.");

    static final Setting<String> UNMASKED_SCOPE = Setting.text(TOOLS_PREFIX + "UNMASKED_SCOPE")
            .checked(KafkaPolicy::isScope, "be a scope, without blanks, quotes and backslashes")
            .describedAs(
                    "Scope of the callers for whom no fields are masked: a scope of their token, or a right of their API"
                            + " key, such as `records:unmasked`. By default fields are masked for everyone.");

    static final Setting<String> REGISTRY_URL = Setting.text(TOOLS_PREFIX + "SCHEMA_REGISTRY_URL")
            .checked(HttpAddress::isPlain, "be an address such as `https://registry:8081`, without user and query")
            .describedAs(
                    "Address of the schema registry, with the REST API of Confluent. Records are decoded with its schemas.");

    static final Setting<String> REGISTRY_USER =
            Setting.text(TOOLS_PREFIX + "SCHEMA_REGISTRY_USER").describedAs("User of the schema registry.");

    static final Setting<String> REGISTRY_PASSWORD = Setting.text(TOOLS_PREFIX + "SCHEMA_REGISTRY_PASSWORD")
            .secret()
            .describedAs("Password of the user of the schema registry.");

    static final Setting<String> REGISTRY_TOKEN = Setting.text(TOOLS_PREFIX + "SCHEMA_REGISTRY_TOKEN")
            .secret()
            .describedAs("Bearer token for the schema registry, instead of a user.");

    static final Setting<Path> REGISTRY_CA = Setting.path(TOOLS_PREFIX + "SCHEMA_REGISTRY_CA")
            .describedAs(
                    "PEM file with the certificates that are trusted for the schema registry. By default those of the JVM.");

    static final Setting<Duration> REGISTRY_TIMEOUT = Setting.duration(TOOLS_PREFIX + "SCHEMA_REGISTRY_TIMEOUT")
            .checked(timeout -> timeout.compareTo(Duration.ofMinutes(1)) <= 0, "be at most 1m")
            .orElse(RegistryConnection.DEFAULT_TIMEOUT)
            .describedAs("How long a request to the schema registry may take.");

    static final Setting<String> REPLICATION_FACTOR = Setting.text(TOOLS_PREFIX + "REPLICATION_FACTOR")
            .checked(
                    text -> text.equals(KafkaOptions.BROKER_DEFAULT) || text.matches("[1-9]\\d{0,2}"),
                    "be a number from 1 to 999, or `broker`")
            .orElse(String.valueOf(KafkaOptions.DEFAULT_REPLICATION_FACTOR))
            .describedAs("The replicas of each partition of a new topic if a call does not say; `broker` for the"
                    + " brokers' own `default.replication.factor`.");

    static final Setting<Integer> LAG_THRESHOLD = Setting.integer(TOOLS_PREFIX + "LAG_THRESHOLD", 0, Integer.MAX_VALUE)
            .orElse((int) KafkaOptions.DEFAULT_LAG_THRESHOLD)
            .describedAs("The lag, in offsets, above which subscribers to the lag of a group are notified.");

    static final Setting<Duration> LAG_CHECK_INTERVAL = Setting.duration(TOOLS_PREFIX + "LAG_CHECK_INTERVAL")
            .checked(
                    interval -> interval.compareTo(KafkaOptions.MIN_LAG_CHECK_INTERVAL) >= 0,
                    "be at least " + KafkaOptions.MIN_LAG_CHECK_INTERVAL.toMillis() + "ms")
            .orElse(KafkaOptions.DEFAULT_LAG_CHECK_INTERVAL)
            .describedAs("How often the lag of groups with subscribers is measured.");

    /** The names of all properties of the clients by key, such as {@code KAFKA_SASL_MECHANISM}. */
    static final Map<String, String> PROPERTIES = properties()
            .collect(Collectors.toUnmodifiableMap(
                    property -> key(property.name), property -> property.name, (a, b) -> a));

    /** The settings for the properties that are secret, by name of the property. */
    static final Map<String, Setting<String>> SECRETS = properties()
            .filter(property -> property.type == ConfigDef.Type.PASSWORD)
            .map(property -> property.name)
            .distinct()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), KafkaSettings::secret));

    private static final SettingsTable TABLE = SettingsTable.builder()
            .add(BOOTSTRAP_SERVERS)
            .add(SECRETS.values().stream()
                    .sorted(Comparator.comparing(Setting::key))
                    .toList())
            .add(READ_ONLY, ALLOWED, TOPICS, GROUPS, CONFIRMATION)
            .add(RECORDS, PRODUCE, MASK_FIELDS, UNMASKED_SCOPE)
            .add(REGISTRY_URL, REGISTRY_USER, REGISTRY_PASSWORD, REGISTRY_TOKEN, REGISTRY_CA, REGISTRY_TIMEOUT)
            .add(REPLICATION_FACTOR, LAG_THRESHOLD, LAG_CHECK_INTERVAL)
            .strictPrefix(TOOLS_PREFIX)
            .passThroughPrefix(PREFIX)
            .passThrough(PROPERTIES::containsKey)
            .build();

    private KafkaSettings() {}

    /**
     * Returns the table of the settings that all servers for a Kafka cluster share. Other keys with the prefix
     * {@code KAFKA_} are passed through to Kafka's clients, with a warning for those that are not properties of the clients:
     * a plug-in, such as a callback handler for SASL, may have properties of its own.
     */
    public static SettingsTable table() {
        return TABLE;
    }

    private static Stream<ConfigDef.ConfigKey> properties() {
        return Stream.of(AdminClientConfig.configDef(), ConsumerConfig.configDef(), ProducerConfig.configDef())
                .flatMap(definition -> definition.configKeys().values().stream());
    }

    private static String key(String property) {
        return PREFIX + property.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /**
     * Returns the property that a key stands for; empty if the key does not have the prefix {@code KAFKA_}. A property that
     * Kafka's clients do not know is assumed to have only lower-case letters and dots, such as {@code my.handler.url}.
     */
    static Optional<String> property(String key) {
        if (!key.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String known = PROPERTIES.get(key);
        return Optional.of(
                known != null
                        ? known
                        : key.substring(PREFIX.length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'));
    }

    private static Setting<String> secret(String property) {
        return Setting.text(key(property)).secret().describedAs("Kafka's `" + property + "`.");
    }

    private static Setting<List<String>> names(String name, String what) {
        return Setting.list(TOOLS_PREFIX + name)
                .checked(names -> !names.isEmpty(), "name at least one of the " + what + ", or be removed");
    }
}
