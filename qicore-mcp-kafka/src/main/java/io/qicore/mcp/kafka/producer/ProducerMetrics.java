package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.tool.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a producer since its start. Immutable.
 *
 * @param recordsSent records that Kafka has acknowledged
 * @param recordsFailed records that were not written to the topic
 * @param bytesSent bytes of keys and values of the acknowledged records, before compression
 * @param recordsPerSecond average number of acknowledged records per second since the start
 * @param startedAt when the producer started
 * @param endedAt when the producer ended; null while it runs
 * @param lastRecordTime when Kafka last acknowledged a record; null if it has not acknowledged any
 * @param stalledSince since when Kafka has not acknowledged a record although one waits for it; null unless the producer is
 *     stalled
 * @param lastError the latest failure of a record or of the producer; null if there was none
 */
public record ProducerMetrics(
        @Schema("Number of records that Kafka acknowledged") long recordsSent,

        @Schema("Number of records that failed and are not in the topic")
        long recordsFailed,

        @Schema("Bytes of keys and values of the acknowledged records, before compression")
        long bytesSent,

        @Schema("Acknowledged records per second, average since the start")
        double recordsPerSecond,

        @Schema("When the producer started") Instant startedAt,

        @Schema("When the producer ended; absent while it runs") @Nullable
        Instant endedAt,

        @Schema("When Kafka last acknowledged a record; absent if it has not") @Nullable
        Instant lastRecordTime,

        @Schema("Since when Kafka has not acknowledged records that wait for it; absent unless the state is stalled")
        @Nullable
        Instant stalledSince,

        @Schema("Latest failure of a record or of the producer; absent without one") @Nullable
        String lastError) {}
