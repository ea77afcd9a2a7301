package io.qicore.mcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class StreamingInfrastructureIT {

    @Test
    void runsBrokerAndDatabaseEmbedded() throws Exception {
        Leftovers leftovers = Leftovers.record();

        try (StreamingInfrastructure infrastructure = StreamingInfrastructure.embedded()) {
            assertServes(infrastructure);
        }

        leftovers.assertNone();
    }

    @Test
    void runsRedpandaAndTimescaleInContainers() throws Exception {
        Optional<String> reason = StreamingInfrastructure.whyNoContainers();
        if (reason.isPresent()) {
            assertThatThrownBy(StreamingInfrastructure::containers)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(reason.get());
            System.out.println("NOT RUN: Redpanda and TimescaleDB in containers: " + reason.get());
            Assumptions.abort(reason.get());
        }
        try (StreamingInfrastructure infrastructure = StreamingInfrastructure.containers()) {
            assertServes(infrastructure);
        }
    }

    private static void assertServes(StreamingInfrastructure infrastructure) throws Exception {
        try (Admin admin = Admin.create(infrastructure.clientProperties());
                Connection connection = DriverManager.getConnection(
                        infrastructure.jdbcUrl(), infrastructure.username(), infrastructure.password())) {
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            assertThat(connection.isValid(5)).isTrue();
        }
    }
}
