package io.qicore.mcp.testkit;

import org.junit.jupiter.api.Assumptions;

/** The complete data flow on Redpanda and TimescaleDB. */
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
