package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/**
 * Runs producers. The MCP server passes commands on to it and holds no producers itself. A runtime can run them in this JVM,
 * as {@link LocalProducerRuntime} does, or somewhere that outlives every replica of the server.
 *
 * <p>Implementations are thread-safe, and no method waits longer than its timeout. Errors that an agent can act on are
 * {@link io.qicore.mcp.tool.MCPToolError}s with the codes of {@link io.qicore.mcp.kafka.access.KafkaErrorCode}.
 */
public interface ProducerRuntime {

    /** Returns the types of sources that {@link #start} supports, in the order in which agents see them. */
    List<SourceType> sourceTypes();

    /**
     * Starts a producer. When this method returns, the topic is known to exist, the source is open and the producer runs.
     *
     * @param sourceId name for the producer
     * @param config {@code type}, {@code topic}, {@code rate} and the settings of the type; all are optional unless the
     *     type says otherwise
     * @param timeout how long this call may wait
     * @throws io.qicore.mcp.tool.MCPToolError {@code PRODUCER_EXISTS} if one with this name is running,
     *     {@code INVALID_PRODUCER_CONFIG}, {@code TOPIC_NOT_FOUND}, {@code BROKER_UNAVAILABLE}, {@code NOT_AUTHORIZED}
     * @throws InterruptedException if the caller is interrupted; the producer has not been started
     */
    ProducerStatus start(String sourceId, ObjectNode config, Duration timeout) throws InterruptedException;

    /**
     * Stops a producer once Kafka has acknowledged the records that it has sent. When this method returns, the producer
     * has ended. A producer that had already ended keeps its state, so that a repeated call changes nothing.
     *
     * @param timeout how long this call may wait
     * @return its final status
     * @throws io.qicore.mcp.tool.MCPToolError {@code PRODUCER_NOT_FOUND}, with the names of those that run;
     *     {@code DEADLINE_EXCEEDED} if it has not ended in time, in which case it continues to stop
     * @throws InterruptedException if the caller is interrupted; the producer continues to stop
     */
    ProducerStatus stop(String sourceId, Duration timeout) throws InterruptedException;

    /**
     * Returns the running producers and a limited number of those that ended last, in the order in which they were started.
     *
     * @param timeout how long this call may wait
     * @throws InterruptedException if the caller is interrupted
     */
    List<ProducerStatus> status(Duration timeout) throws InterruptedException;
}
