package io.qicore.mcp.kafka.producer.runtime;

import io.qicore.mcp.tool.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a producer since its start. What a runtime does not measure is null, which is not zero. Immutable.
 *
 * @param recordsSent records that Kafka has acknowledged
 * @param bytesSent bytes of keys and values of the acknowledged records, before compression
 * @param recordsPerSecond acknowledged records per second during the last ten seconds; of one that has ended, on average
 * @param rate most records per second; 0 for no limit
 * @param bufferedRecords records that were read from the source and that Kafka has not acknowledged
 * @param errors failures of the source or of Kafka. After each of them the producer started again or failed
 * @param startedAt when the producer started
 * @param endedAt when the producer ended; null while it has not
 * @param lastRecordTime when Kafka last acknowledged a record; null if it has not acknowledged any
 * @param stalledSince since when Kafka has not acknowledged the record that waits longest; null unless the producer is stalled
 * @param retryAt when the producer tries again; null unless it is retrying
 * @param lastError the latest failure; null if there was none
 */
public record ProducerMetrics(
        @Schema("Number of records that Kafka acknowledged") @Nullable
        Long recordsSent,

        @Schema("Bytes of keys and values of the acknowledged records, before compression") @Nullable
        Long bytesSent,

        @Schema("Acknowledged records per second during the last 10 seconds; after the end, on average") @Nullable
        Double recordsPerSecond,

        @Schema("Most records per second; 0 for no limit") @Nullable
        Double rate,

        @Schema(
                "Number of records that were read and that Kafka has not acknowledged; after the end they may be missing in"
                        + " the topic")
        @Nullable
        Long bufferedRecords,

        @Schema("Number of failures of the source or of Kafka; after each the producer started again or failed")
        @Nullable
        Long errors,

        @Schema("When the producer started") @Nullable Instant startedAt,

        @Schema("When the producer ended; absent while it has not") @Nullable
        Instant endedAt,

        @Schema("When Kafka last acknowledged a record; absent if it has not") @Nullable
        Instant lastRecordTime,

        @Schema("Since when Kafka has not acknowledged records that wait for it; absent unless the state is stalled")
        @Nullable
        Instant stalledSince,

        @Schema("When the producer tries again; absent unless the state is retrying") @Nullable
        Instant retryAt,

        @Schema("Latest failure; absent without one") @Nullable
        String lastError) {}
