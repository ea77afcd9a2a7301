package io.qicore.mcp.kafka.producer.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.MCPTool;
import java.time.Duration;
import java.util.List;

/**
 * Runs producers: each reads a source and writes its records to a topic. The MCP server passes commands on to it and holds no
 * producers itself. What runs, and where each source is, is known by the runtime alone: it can run producers in this JVM, as
 * {@code LocalProducerRuntime} does, or somewhere that outlives every replica of the server, such as Kafka Connect.
 *
 * <p>A producer delivers each record at least once, and records with the same key in their order. After a failure it goes on
 * behind the last record that is acknowledged together with all records before it, so it can send some again.
 *
 * <p>Implementations are thread-safe, and no method waits much longer than its timeout. Errors that an agent can act on are
 * {@link io.qicore.mcp.tool.MCPToolError}s with the codes of {@link io.qicore.mcp.kafka.access.KafkaErrorCode}. All methods with
 * a {@code sourceId} throw {@code PRODUCER_NOT_FOUND} if there is no such producer, with the ids that there are, and
 * {@code CONNECT_UNAVAILABLE} if the place where producers run does not answer.
 */
public interface ProducerRuntime {

    /** Returns the types of sources that {@link #start} supports. */
    SourceTypes sourceTypes();

    /** Returns the topic of producers whose config does not name one. */
    String defaultTopic();

    /**
     * Reads the {@code config} of a producer.
     *
     * @throws io.qicore.mcp.tool.MCPToolError {@code INVALID_PRODUCER_CONFIG}, which names what is wrong
     */
    default SourceSpec read(ObjectNode config) {
        return sourceTypes().read(config, defaultTopic());
    }

    /**
     * Starts a producer. When this method returns, the topic is known to exist, the source has been opened and the producer runs.
     * If one with this id and an equal spec has not ended, that one goes on, and is resumed if it is paused. One that has ended is
     * replaced and begins at {@link SourceSpec#position()}.
     *
     * @param sourceId id for the producer
     * @param timeout how long this call may wait
     * @throws io.qicore.mcp.tool.MCPToolError {@code PRODUCER_EXISTS} if one with this id and another spec has not ended,
     *     {@code INVALID_PRODUCER_CONFIG}, {@code TOPIC_NOT_FOUND}, {@code BROKER_UNAVAILABLE}, {@code NOT_AUTHORIZED},
     *     {@code TOO_MANY_PRODUCERS}
     * @throws InterruptedException if the caller is interrupted; the producer has not been started
     */
    ProducerStatus start(String sourceId, SourceSpec spec, Duration timeout) throws InterruptedException;

    /**
     * Stops a producer once Kafka has acknowledged the records that it has sent. When this method returns, the producer
     * has ended. A producer that had already ended keeps its state, so that a repeated call changes nothing; one that has failed is
     * stopped where it would start again by itself.
     *
     * @param timeout how long this call may wait
     * @return its final status
     * @throws io.qicore.mcp.tool.MCPToolError {@code DEADLINE_EXCEEDED} if it has not ended in time, in which case it continues
     *     to stop
     * @throws InterruptedException if the caller is interrupted; the producer continues to stop
     */
    ProducerStatus stop(String sourceId, Duration timeout) throws InterruptedException;

    /**
     * Pauses a producer: it keeps its place and sends at most the record that it is just reading. Does nothing if it is paused.
     *
     * @param timeout how long this call may wait
     * @throws io.qicore.mcp.tool.MCPToolError {@code PRODUCER_ENDED} if it has ended
     * @throws InterruptedException if the caller is interrupted
     */
    ProducerStatus pause(String sourceId, Duration timeout) throws InterruptedException;

    /**
     * Makes a producer run that is paused, waits for its next retry, has failed or was stopped. It goes on where it was. Does nothing
     * if it runs.
     *
     * @param timeout how long this call may wait
     * @throws io.qicore.mcp.tool.MCPToolError {@code PRODUCER_ENDED} if its source has ended; for one that is started again, also
     *     the errors of {@link #start}
     * @throws InterruptedException if the caller is interrupted
     */
    ProducerStatus resume(String sourceId, Duration timeout) throws InterruptedException;

    /**
     * Changes how many records a producer sends per second at most. The change lasts until the producer is started anew.
     *
     * @param rate records per second, not negative; 0 for no limit
     * @param timeout how long this call may wait
     * @throws io.qicore.mcp.tool.MCPToolError {@code PRODUCER_ENDED} if it has ended; {@code INVALID_PRODUCER_CONFIG} if its
     *     source does not allow the rate
     * @throws InterruptedException if the caller is interrupted
     */
    ProducerStatus setRate(String sourceId, double rate, Duration timeout) throws InterruptedException;

    /**
     * Returns the producers that have not ended and a limited number of those that ended last, in the order in which they were
     * started.
     *
     * @param timeout how long this call may wait
     * @throws InterruptedException if the caller is interrupted
     */
    List<ProducerStatus> status(Duration timeout) throws InterruptedException;

    /**
     * Returns tools that only this runtime has, which the server offers beside those for producers. By default none.
     *
     * @param policy what agents may do
     */
    default List<MCPTool> tools(KafkaPolicy policy) {
        return List.of();
    }
}
