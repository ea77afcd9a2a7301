package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaOptions;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.content.ContentDecoder;
import io.qicore.mcp.kafka.internal.produce.ProduceTools;
import io.qicore.mcp.kafka.internal.produce.RecordProducers;
import io.qicore.mcp.kafka.internal.records.RecordConsumers;
import io.qicore.mcp.kafka.internal.records.RecordTools;
import io.qicore.mcp.kafka.internal.registry.RegistryClient;
import io.qicore.mcp.kafka.internal.schema.RegistryDecoder;
import io.qicore.mcp.kafka.internal.schema.SchemaTools;
import io.qicore.mcp.tool.MCPTool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The clients with which a server reads and writes records, and the tools that use them. Thread-safe. */
public final class RecordClients {

    private final RecordConsumers consumers;
    private final RecordProducers producers;
    private final @Nullable RegistryClient registry;

    /**
     * Creates the clients. Opens nothing.
     *
     * @throws IllegalArgumentException if the certificates for the schema registry cannot be read
     */
    public RecordClients(KafkaConnection connection, KafkaOptions options) {
        this.consumers = new RecordConsumers(connection);
        this.producers = new RecordProducers(connection);
        this.registry = options.registry().map(RegistryClient::new).orElse(null);
    }

    /** Makes the tools that show records and, if there is a registry, their schemas. */
    public List<MCPTool> reading(AdminHandle admin) {
        ContentDecoder decoder = registry == null ? ContentDecoder.NONE : new RegistryDecoder(registry);
        List<MCPTool> tools = new ArrayList<>(RecordTools.all(admin, consumers, decoder));
        if (registry != null) {
            tools.addAll(SchemaTools.all(admin, registry));
        }
        return tools;
    }

    /** Makes the tools that write records and end transactions. */
    public List<MCPTool> writing(AdminHandle admin) {
        return ProduceTools.all(admin, producers, registry);
    }

    /** Waits until no call reads or writes records. */
    public void awaitClosed() throws InterruptedException {
        consumers.awaitClosed();
        producers.awaitClosed();
    }
}
