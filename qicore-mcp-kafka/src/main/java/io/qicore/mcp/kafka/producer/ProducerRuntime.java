package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/**
 * Where producers run. The MCP server only passes commands on, so that it stays stateless: a runtime may be this JVM
 * ({@link LocalProducerRuntime}), or something that outlives every replica of the server.
 *
 * <p>Every method may be called by many threads at once, waits no longer than its timeout and throws
 * {@link io.qicore.mcp.tool.MCPToolError} for what an agent can act on, with the codes of
 * {@link io.qicore.mcp.kafka.access.KafkaErrorCode}.
 */
public interface ProducerRuntime {

    /** The types of sources that {@link #start} knows, in the order in which agents see them. */
    List<SourceType> sourceTypes();

    /**
     * Starts a producer. When this method returns, its topic exists, its source is open and it runs.
     *
     * @param sourceId its name from now on
     * @param config what it produces: {@code type}, {@code topic}, {@code rate} and the settings of the type; an empty
     *     object takes every default
     * @param timeout how long this call may wait
     * @throws io.qicore.mcp.tool.MCPToolError {@code PRODUCER_EXISTS} when one of that name runs,
     *     {@code INVALID_PRODUCER_CONFIG}, {@code TOPIC_NOT_FOUND}, {@code BROKER_UNAVAILABLE}, {@code NOT_AUTHORIZED}
     * @throws InterruptedException if the caller is interrupted; nothing has been started then
     */
    ProducerStatus start(String sourceId, ObjectNode config, Duration timeout) throws InterruptedException;

    /**
     * Stops a producer after what it has sent is acknowledged. When this method returns, it does not run. One that has
     * ended already keeps its state, so that a repeated call does no harm.
     *
     * @param timeout how long this call may wait
     * @return its last status with its final metrics
     * @throws io.qicore.mcp.tool.MCPToolError {@code PRODUCER_NOT_FOUND} with the names of those that run;
     *     {@code DEADLINE_EXCEEDED} when it has not ended in time, and goes on stopping
     * @throws InterruptedException if the caller is interrupted; the producer goes on stopping
     */
    ProducerStatus stop(String sourceId, Duration timeout) throws InterruptedException;

    /**
     * The producers that run and a limited number of those that ended last, in the order in which they were started.
     *
     * @param timeout how long this call may wait
     * @throws InterruptedException if the caller is interrupted
     */
    List<ProducerStatus> status(Duration timeout) throws InterruptedException;
}
