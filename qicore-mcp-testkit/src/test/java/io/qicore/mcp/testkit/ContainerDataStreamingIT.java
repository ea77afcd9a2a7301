package io.qicore.mcp.testkit;

import org.junit.jupiter.api.Assumptions;

/** Runs the complete data flow on Redpanda and TimescaleDB in containers. */
final class ContainerDataStreamingIT extends DataStreamingContract {

    @Override
    StreamingInfrastructure startInfrastructure() {
        StreamingInfrastructure.whyNoContainers().ifPresent(reason -> {
            System.out.println("NOT RUN: the data flow on Redpanda and TimescaleDB: " + reason);
            Assumptions.abort(reason);
        });
        return StreamingInfrastructure.containers();
    }
}
