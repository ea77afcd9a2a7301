package io.qicore.mcp.testkit;

import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.redpanda.RedpandaContainer;
import org.testcontainers.utility.DockerImageName;

/** Redpanda and TimescaleDB in containers. Only this class needs Testcontainers on the class path. */
record ContainerInfrastructure(RedpandaContainer redpanda, PostgreSQLContainer timescale)
        implements StreamingInfrastructure {

    static ContainerInfrastructure start(ContainerImages images) {
        return SideBySide.start(
                () -> startRedpanda(images.redpanda()),
                () -> startTimescale(images.timescale()),
                ContainerInfrastructure::new);
    }

    private static RedpandaContainer startRedpanda(String image) {
        return started(
                new RedpandaContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("redpandadata/redpanda")));
    }

    private static PostgreSQLContainer startTimescale(String image) {
        return started(new PostgreSQLContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("postgres")));
    }

    private static <C extends org.testcontainers.containers.GenericContainer<?>> C started(C container) {
        try {
            container.start();
            return container;
        } catch (RuntimeException e) {
            container.close();
            throw new IllegalStateException(
                    "The container of " + container.getDockerImageName() + " did not start: " + e.getMessage(), e);
        }
    }

    @Override
    public String bootstrapServers() {
        // Redpanda's container reports PLAINTEXT://host:port. Clients accept that, too, but people expect host:port.
        return redpanda.getBootstrapServers().replaceFirst("^[A-Z_]+://", "");
    }

    @Override
    public String jdbcUrl() {
        return timescale.getJdbcUrl();
    }

    @Override
    public String username() {
        return timescale.getUsername();
    }

    @Override
    public String password() {
        return timescale.getPassword();
    }

    @Override
    public void close() {
        SideBySide.close(redpanda, timescale);
    }
}
