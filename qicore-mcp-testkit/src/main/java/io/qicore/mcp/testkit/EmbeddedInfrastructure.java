package io.qicore.mcp.testkit;

/** An embedded Kafka broker and an embedded PostgreSQL. */
record EmbeddedInfrastructure(EmbeddedKafka kafka, EmbeddedPostgres postgres) implements StreamingInfrastructure {

    static EmbeddedInfrastructure start() {
        return SideBySide.start(EmbeddedKafka::start, EmbeddedPostgres::start, EmbeddedInfrastructure::new);
    }

    @Override
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    @Override
    public String jdbcUrl() {
        return postgres.jdbcUrl();
    }

    @Override
    public String username() {
        return postgres.username();
    }

    @Override
    public String password() {
        return postgres.password();
    }

    @Override
    public void close() {
        SideBySide.close(kafka, postgres);
    }
}
