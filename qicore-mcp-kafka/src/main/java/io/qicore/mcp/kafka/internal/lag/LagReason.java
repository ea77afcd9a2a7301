package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;

/** Why the lag of a partition is unknown, or not an ordinary count of unread offsets. */
public enum LagReason {
    /** The group has not committed an offset on the partition. */
    UNCOMMITTED,
    /** The topic or the partition no longer exists, but the committed offset still does. */
    TOPIC_DELETED,
    /** The next record of the group has been deleted. The lag includes the offsets that are lost. */
    OFFSET_EXPIRED,
    /** The committed offset is beyond the end, because the topic was recreated or lost records. The lag is 0. */
    AHEAD_OF_END,
    /** The credentials of this server do not allow reading the partition. */
    NOT_AUTHORIZED,
    /** No broker leads the partition, or the leader does not answer. */
    LEADER_UNAVAILABLE,
    /** The brokers are too old to report the lag. */
    BROKER_TOO_OLD,
    /** The brokers did not return the committed offset and gave no error. */
    COMMITTED_OFFSET_UNKNOWN;

    /** Returns the reason for a failure to read the log of a partition. */
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
