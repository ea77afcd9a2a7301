package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.host.Setting;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.host.SettingsTable;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.internal.http.HttpAddress;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The settings with which producers run on Kafka Connect: {@code PRODUCER_MCP_CONNECT_…}. Sources do not see them. Stateless and
 * thread-safe.
 */
public final class ConnectSettings {

    private static final String PREFIX = "PRODUCER_MCP_CONNECT_";

    static final Setting<List<String>> URLS = Setting.list(PREFIX + "URLS")
            .checked(
                    urls -> !urls.isEmpty() && urls.stream().map(String::strip).allMatch(HttpAddress::isPlain),
                    "be addresses such as `https://connect-1:8083,https://connect-2:8083`, without user and query")
            .describedAs(
                    "Addresses of workers of a Kafka Connect cluster, such as `https://connect-1:8083,https://connect-2:8083`,"
                            + " on which producers run. By default they run in this process and end with it.");

    static final Setting<String> USER = Setting.text(PREFIX + "USER")
            .checked(user -> user.indexOf(':') < 0, "not have a colon")
            .describedAs("User of the workers.");

    static final Setting<String> PASSWORD =
            Setting.text(PREFIX + "PASSWORD").secret().describedAs("Password of the user of the workers.");

    static final Setting<Path> CA = Setting.path(PREFIX + "CA")
            .describedAs(
                    "PEM file with the certificates that are trusted for the workers. By default those of the JVM.");

    static final Setting<Duration> TIMEOUT = Setting.duration(PREFIX + "TIMEOUT")
            .checked(timeout -> timeout.compareTo(Duration.ofMinutes(2)) <= 0, "be at most 2m")
            .orElse(ConnectConnection.DEFAULT_TIMEOUT)
            .describedAs("How long a request to one worker may take, before the next one is asked.");

    static final Setting<String> NAME_PREFIX = Setting.text(PREFIX + "PREFIX")
            .checked(text -> text.matches("[A-Za-z0-9._-]{1,50}"), "be at most 50 letters, digits, `.`, `_` and `-`")
            .describedAs(
                    "What the names of the connectors of producers begin with. Connectors with other names are not shown as"
                            + " producers. By default nothing.");

    static final Setting<Path> PROPERTIES = Setting.path(PREFIX + "PROPERTIES")
            .checked(Files::isRegularFile, "be an existing file")
            .describedAs(
                    "Properties file with further properties of each connector, such as `kafka.security.protocol` and"
                            + " `setting.PRODUCER_REPLAY_DIRECTORY`. Everybody who may read Connect's REST API sees them: use"
                            + " references to secrets, such as `${file:/etc/kafka/secrets.properties:password}`.");

    private static final SettingsTable TABLE = SettingsTable.builder()
            .add(URLS, USER, PASSWORD, CA, TIMEOUT, NAME_PREFIX, PROPERTIES)
            .build();

    private ConnectSettings() {}

    /** Returns the table of the settings. */
    public static SettingsTable table() {
        return TABLE;
    }

    /**
     * Returns the builder of the runtime that the settings describe; empty if they do not name a worker.
     *
     * @throws IllegalArgumentException if the file with properties cannot be read, or has one that the runtime sets itself
     */
    public static Optional<ConnectProducerRuntimeBuilder> runtime(Settings settings, KafkaConnection kafka) {
        return settings.find(URLS).map(urls -> {
            ConnectConnection connection =
                    ConnectConnection.to(urls.toArray(String[]::new)).timeout(settings.get(TIMEOUT));
            if (settings.find(USER).isPresent()) {
                connection = connection.basic(
                        settings.find(USER).get(), settings.find(PASSWORD).orElse(""));
            }
            if (settings.find(CA).isPresent()) {
                connection = connection.trusting(settings.find(CA).get());
            }
            ConnectProducerRuntimeBuilder builder = ConnectProducerRuntime.builder(connection, kafka);
            settings.find(NAME_PREFIX).ifPresent(builder::prefix);
            settings.find(PROPERTIES).ifPresent(file -> read(file)
                    .forEach((name, value) -> builder.connectorProperty(name.toString(), value.toString())));
            return builder;
        });
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return properties;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The properties in " + file + ", which " + PROPERTIES.key() + " names, cannot be read.", e);
        }
    }
}
