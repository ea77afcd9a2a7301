package io.qicore.mcp.testkit;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * A Kafka broker and a PostgreSQL database. Tests written against this interface run on embedded servers as well as on
 * containers.
 *
 * <pre>{@code
 * Optional<String> reason = StreamingInfrastructure.whyNoContainers();
 * reason.ifPresent(why -> System.out.println("Not run on Redpanda and TimescaleDB: " + why));
 * try (StreamingInfrastructure infrastructure = reason.isPresent()
 *         ? StreamingInfrastructure.embedded()
 *         : StreamingInfrastructure.containers()) {
 *     Admin admin = Admin.create(infrastructure.clientProperties());
 *     Connection connection = DriverManager.getConnection(
 *             infrastructure.jdbcUrl(), infrastructure.username(), infrastructure.password());
 * }
 * }</pre>
 *
 * <p>Implementations are thread-safe.
 */
public interface StreamingInfrastructure extends AutoCloseable {

    /**
     * Starts {@link EmbeddedKafka} and {@link EmbeddedPostgres} in parallel. The database does not have the TimescaleDB
     * extension.
     *
     * @return infrastructure that serves requests
     * @throws IllegalStateException when one of them does not start; the other one is then closed
     */
    static StreamingInfrastructure embedded() {
        return EmbeddedInfrastructure.start();
    }

    /**
     * Starts Redpanda and TimescaleDB in containers, in parallel, from {@link ContainerImages#defaults()}.
     *
     * @return infrastructure that serves requests
     * @throws IllegalStateException when {@link #whyNoContainers()} gives a reason, or one of them
     *     does not start; the other is closed then
     */
    static StreamingInfrastructure containers() {
        return containers(ContainerImages.defaults());
    }

    /**
     * Starts Redpanda and TimescaleDB in containers, in parallel.
     *
     * @param images the images to run
     * @return infrastructure that serves requests
     * @throws IllegalStateException when {@link #whyNoContainers()} gives a reason, or one of them
     *     does not start; the other is closed then
     */
    static StreamingInfrastructure containers(ContainerImages images) {
        whyNoContainers().ifPresent(reason -> {
            throw new IllegalStateException("Containers cannot be started: " + reason);
        });
        return ContainerInfrastructure.start(images);
    }

    /**
     * Returns why containers cannot be started on this machine, in words for the person who runs the tests, or empty when
     * they can be started. Sends a ping to the Docker engine; this usually takes a few milliseconds, and at most a few
     * seconds. Starts nothing and logs nothing.
     */
    static Optional<String> whyNoContainers() {
        return DockerEngine.whyUnavailable();
    }

    /** Returns the addresses of the brokers, {@code host:port} separated by commas. */
    String bootstrapServers();

    /** Returns the JDBC URL of the database, without user and password. */
    String jdbcUrl();

    /** Returns the name of a user who may do everything in the database. */
    String username();

    /** Returns the password of that user. */
    String password();

    /** Returns the properties that a Kafka client needs to connect. */
    default Map<String, Object> clientProperties() {
        return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
    }

    /**
     * Runs an action when the JVM ends before {@link #close()}, such as after Ctrl-C, and only stops the servers afterwards. For
     * programs that use the servers and have something to finish; a hook of the JVM would run while the servers are stopped.
     *
     * @param action should take a few seconds at most, because the JVM waits for it
     * @throws IllegalStateException when the JVM is already ending
     */
    default void beforeShutdown(Runnable action) {
        ShutdownHook.register(action);
    }

    /** Stops both servers and removes their data. Further calls do nothing. */
    @Override
    void close();
}
