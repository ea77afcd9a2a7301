package io.qicore.mcp.agent;

import java.util.Objects;

/**
 * The records of a topic that a consumer group has not read yet. Immutable.
 *
 * @param consumerGroup id of the group
 * @param records number of unread records on all partitions of the topic
 */
public record Backlog(String consumerGroup, long records) {
    /** Requires what is not marked as nullable. */
    public Backlog {
        Objects.requireNonNull(consumerGroup, "consumerGroup");
    }
}
