package io.qicore.mcp.kafka.access;

import io.qicore.mcp.tool.ErrorCode;

/** What can go wrong with Kafka, as agents see it. */
public enum KafkaErrorCode implements ErrorCode {
    /** No broker answered in time; nothing is known about the effect of a write. */
    BROKER_UNAVAILABLE(true),
    /** The topic does not exist; the message offers the nearest names. */
    TOPIC_NOT_FOUND(false),
    /** A topic of that name exists already. */
    TOPIC_EXISTS(false),
    /** The topic has no such partition, or the number of partitions is not allowed. */
    INVALID_PARTITIONS(false),
    /** The consumer group does not exist; the message offers the nearest names. */
    GROUP_NOT_FOUND(false),
    /** The consumer group has active members, so that its offsets cannot be changed. */
    GROUP_ACTIVE(false),
    /** The offset is neither {@code earliest}, {@code latest} nor a number within the partition's range. */
    INVALID_OFFSET(false),
    /** The configuration of this server does not allow it: read-only mode, an allow-list, or a protected topic. */
    NOT_ALLOWED(false),
    /** The call named a plan, and the plan is another one by now; nothing was changed. */
    PLAN_CHANGED(false),
    /** The user was asked and did not agree; nothing was changed. */
    DECLINED(false),
    /** A policy of the cluster forbids it, such as one on the names or the sizes of topics. */
    POLICY_VIOLATION(false),
    /** The brokers have no authorizer, so that there are no ACLs: whoever reaches them may do everything. */
    AUTHORIZER_NOT_CONFIGURED(false),
    /** The brokers are too old for this operation. */
    UNSUPPORTED_BY_BROKER(false),
    /** No producer of that source id runs here. */
    PRODUCER_NOT_FOUND(false),
    /** A producer of that source id runs already. */
    PRODUCER_EXISTS(false),
    /** As many producers run as may; the message names them. */
    TOO_MANY_PRODUCERS(false),
    /** The configuration of a producer is wrong; the message names the setting. */
    INVALID_PRODUCER_CONFIG(false),
    /** As many live queries run on this server as may. */
    TOO_MANY_LIVE_QUERIES(true),
    /** The market data service refused or failed. */
    MARKET_DATA_ERROR(true),
    /** The market data service knows no such symbol. */
    UNKNOWN_SYMBOL(false);

    private final boolean retryable;

    KafkaErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    @Override
    public boolean retryable() {
        return retryable;
    }
}
