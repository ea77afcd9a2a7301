package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;

/** Why the lag of a partition is not known, or not what it seems. No reason means that it is what it seems. */
enum LagReason {
    /** The group has committed no offset on it. */
    UNCOMMITTED,
    /** The topic, or the partition, no longer exists; the commit is left over. */
    TOPIC_DELETED,
    /** The group's next record has been deleted already; the lag counts what is left. */
    OFFSET_EXPIRED,
    /** The committed offset is beyond the end: the topic was created anew or lost records. Counts as no lag. */
    AHEAD_OF_END,
    /** This server's credentials may not look at it. */
    NOT_AUTHORIZED,
    /** No broker leads the partition, or the leader does not answer. */
    LEADER_UNAVAILABLE,
    /** The brokers are too old to tell. */
    BROKER_TOO_OLD,
    /** The brokers did not give the committed offset, and did not say why. */
    COMMITTED_OFFSET_UNKNOWN;

    /** The reason behind a failure to read a partition's log. */
    static LagReason of(MCPToolError error) {
        if (error.is(KafkaErrorCode.TOPIC_NOT_FOUND)) {
            return TOPIC_DELETED;
        }
        if (error.is(StandardErrorCode.NOT_AUTHORIZED)) {
            return NOT_AUTHORIZED;
        }
        return error.is(KafkaErrorCode.UNSUPPORTED_BY_BROKER) ? BROKER_TOO_OLD : LEADER_UNAVAILABLE;
    }
}
