package io.qicore.mcp.kafka.access;

import io.qicore.mcp.tool.ErrorCode;

/** The codes of the errors of this module, in addition to {@link io.qicore.mcp.tool.StandardErrorCode}. */
public enum KafkaErrorCode implements ErrorCode {
    /** No broker answered in time. A change may or may not have been made. */
    BROKER_UNAVAILABLE(true),
    /** The TLS handshake failed because this server does not trust the certificate of the broker, or the port has no TLS. */
    BROKER_NOT_TRUSTED(false),
    /** The topic does not exist. The message suggests similar names. */
    TOPIC_NOT_FOUND(false),
    /** The topic was deleted and created again since the cursor was returned, so its offsets mean other records. */
    TOPIC_RECREATED(false),
    /** The schema registry does not have the subject or the version. The message suggests similar names. */
    SCHEMA_NOT_FOUND(false),
    /** A topic with this name already exists. */
    TOPIC_EXISTS(false),
    /** The transaction is not open, or its coordinator will end it, so it must not be aborted. */
    TRANSACTION_NOT_HANGING(false),
    /** The topic does not have this partition, or the number of partitions is not allowed. */
    INVALID_PARTITIONS(false),
    /** The consumer group does not exist. The message suggests similar names. */
    GROUP_NOT_FOUND(false),
    /** The consumer group has active members, so its offsets cannot be changed. */
    GROUP_ACTIVE(false),
    /** Another call of this server is changing the offsets of the consumer group. Nothing was changed. */
    GROUP_BUSY(true),
    /** The offsets were set, but something else changed them at the same time. The message says what they are now. */
    CONCURRENT_CHANGE(false),
    /** The offset is not {@code earliest}, {@code latest} or a number within the range of the partition. */
    INVALID_OFFSET(false),
    /** The policy of this server does not allow it, because of read-only mode, an allow-list or an internal topic. */
    NOT_ALLOWED(false),
    /** A policy of the cluster forbids it, such as a policy on the names or the sizes of topics. */
    POLICY_VIOLATION(false),
    /** The brokers do not have an authorizer, so there are no ACLs: everyone who can connect may do everything. */
    AUTHORIZER_NOT_CONFIGURED(false),
    /** The version of the brokers does not support this operation. */
    UNSUPPORTED_BY_BROKER(false),
    /** There is no producer with this source id. */
    PRODUCER_NOT_FOUND(false),
    /** A producer with this source id and another config has not ended. */
    PRODUCER_EXISTS(false),
    /** The producer has ended, so it cannot be paused or changed. */
    PRODUCER_ENDED(false),
    /** The maximum number of producers is running. The message names them. */
    TOO_MANY_PRODUCERS(false),
    /** The configuration of a producer is wrong. The message names the setting. */
    INVALID_PRODUCER_CONFIG(false),
    /** No worker of Kafka Connect answered, or its cluster is rebalancing. A change may or may not have been made. */
    CONNECT_UNAVAILABLE(true),
    /** A worker of Kafka Connect refused the request or failed. The message is the worker's. */
    CONNECT_ERROR(false),
    /** The Connect cluster does not have the connector. The message suggests similar names. */
    CONNECTOR_NOT_FOUND(false),
    /** The rate limit of the market data service is reached. The context has {@code retryAfterSeconds}. */
    RATE_LIMITED(true),
    /** The market data service requires a valid API key for the request. */
    UNAUTHORIZED(false),
    /** The market data service does not have the symbol or the pair of symbols. */
    INVALID_SYMBOL(false);

    private final boolean retryable;

    KafkaErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    @Override
    public boolean retryable() {
        return retryable;
    }
}
