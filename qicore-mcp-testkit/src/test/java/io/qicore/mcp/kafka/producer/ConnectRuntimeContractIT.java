package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.producer.connect.ConnectConnection;
import io.qicore.mcp.kafka.producer.connect.ConnectProducerRuntime;
import io.qicore.mcp.kafka.producer.runtime.ProducerRuntime;
import io.qicore.mcp.testkit.EmbeddedConnect;
import org.jspecify.annotations.Nullable;

/** The contract of producers on a worker of Kafka Connect, with a runtime for each replica. */
class ConnectRuntimeContractIT extends ProducerRuntimeContract {

    private @Nullable EmbeddedConnect worker;

    @Override
    ProducerRuntime runtime() {
        EmbeddedConnect connect = worker;
        if (connect == null) {
            connect = EmbeddedConnect.builder(world.kafka.cluster().bootstrapServers())
                    .start();
            worker = connect;
        }
        return ConnectProducerRuntime.builder(ConnectConnection.to(connect.url()), world.connection())
                .connectorProperty("setting.PRODUCER_REPLAY_DIRECTORY", folder.toString())
                .maxRunning(3)
                .build();
    }

    @Override
    void closeRuntimes() {
        if (worker != null) {
            worker.close();
        }
    }
}
