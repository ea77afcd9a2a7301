package io.qicore.mcp.kafka.producer.runtime;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The errors that every runtime throws, so that agents read the same whatever runs the producers. */
public final class ProducerErrors {

    private ProducerErrors() {}

    /**
     * Returns the error for an id that no producer has.
     *
     * @param known the ids that there are, also of producers that have ended
     */
    public static MCPToolError notFound(String sourceId, Collection<String> known) {
        String hint = ClosestName.to(sourceId, known)
                .map(near -> " Did you mean '" + near + "'?")
                .orElse("");
        return new MCPToolError(
                KafkaErrorCode.PRODUCER_NOT_FOUND,
                "There is no producer '" + sourceId + "'. Known: "
                        + (known.isEmpty() ? "none" : String.join(", ", known)) + "." + hint,
                Map.of("sourceId", sourceId, "known", List.copyOf(known)));
    }

    /**
     * Returns the error for the start of a producer while one with its id and another config has not ended.
     *
     * @param differences the names of the settings that differ
     */
    public static MCPToolError exists(String sourceId, Collection<String> differences) {
        return new MCPToolError(
                KafkaErrorCode.PRODUCER_EXISTS,
                "Producer '" + sourceId + "' is already running with another config (different: "
                        + String.join(", ", differences)
                        + "). Stop it with stop_producer before you start it with this one, choose another sourceId, or"
                        + " call set_producer_rate if only the rate is to change.",
                Map.of("sourceId", sourceId, "different", List.copyOf(differences)));
    }

    /** Returns the error for the start of a producer whose id is taken by one that the caller may not see. */
    public static MCPToolError taken(String sourceId) {
        return new MCPToolError(
                KafkaErrorCode.PRODUCER_EXISTS,
                "The sourceId '" + sourceId + "' is taken. Choose another one.",
                Map.of("sourceId", sourceId));
    }

    /** Returns the error for the start of a producer whose id is the name of a connector that is not a producer. */
    public static MCPToolError takenByConnector(String sourceId) {
        return new MCPToolError(
                KafkaErrorCode.PRODUCER_EXISTS,
                "The Connect cluster has a connector '" + sourceId
                        + "' that is not a producer of this server. Choose another sourceId.",
                Map.of("sourceId", sourceId));
    }

    /**
     * Returns the error for a producer that is not yet in the state that a call asked for.
     *
     * @param doing what it is doing, such as "is stopping"
     * @param state the state that it does not have yet
     */
    public static MCPToolError late(String sourceId, String doing, ProducerState state, Duration waited) {
        return new MCPToolError(
                StandardErrorCode.DEADLINE_EXCEEDED,
                "Producer '" + sourceId + "' " + doing + ", but was not " + state.text() + " within "
                        + waited.toMillis() + " ms. Check it with get_producer_status, or repeat the call.",
                Map.of("sourceId", sourceId));
    }

    /** Returns the error for a command to a producer that has ended. */
    public static MCPToolError ended(String sourceId, ProducerState state) {
        String wayOut = state == ProducerState.COMPLETED
                ? "Its source has no more records. Start it again with start_producer."
                : "Let it go on with resume_producer, or start it again with start_producer.";
        return new MCPToolError(
                KafkaErrorCode.PRODUCER_ENDED,
                "Producer '" + sourceId + "' has ended (" + state.text() + "). " + wayOut,
                Map.of("sourceId", sourceId, "status", state.text()));
    }

    /**
     * Returns the error for the start of a producer while as many as possible run.
     *
     * @param running the ids of those that run
     */
    public static MCPToolError tooMany(int limit, Collection<String> running) {
        return new MCPToolError(
                KafkaErrorCode.TOO_MANY_PRODUCERS,
                "At most " + limit + " producers can run on this server at once. Stop one of: "
                        + String.join(", ", running) + ".",
                Map.of("limit", limit, "running", List.copyOf(running)));
    }
}
