package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.producer.local.LocalProducerRuntime;
import io.qicore.mcp.kafka.producer.runtime.ProducerRuntime;
import org.jspecify.annotations.Nullable;

/** The contract of producers with the runtime in this JVM, which replicas share. */
class LocalRuntimeContractIT extends ProducerRuntimeContract {

    private @Nullable LocalProducerRuntime runtime;

    @Override
    ProducerRuntime runtime() {
        LocalProducerRuntime shared = runtime;
        if (shared == null) {
            shared = LocalProducerRuntime.builder(world.connection())
                    .replayDirectory(folder)
                    .maxRunning(3)
                    .build();
            runtime = shared;
        }
        return shared;
    }

    @Override
    void closeRuntimes() {
        if (runtime != null) {
            runtime.close();
        }
    }
}
