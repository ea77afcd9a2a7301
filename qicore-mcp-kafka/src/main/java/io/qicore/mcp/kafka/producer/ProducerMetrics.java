package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.tool.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a producer has done so far. Immutable.
 *
 * @param recordsSent records that Kafka has acknowledged
 * @param recordsFailed records that were given up; they are not in the topic
 * @param bytesSent bytes of keys and values of the acknowledged records, before compression
 * @param recordsPerSecond acknowledged records per second, on average since the start
 * @param startedAt when it started
 * @param endedAt when it ended, or null while it runs
 * @param lastRecordTime when Kafka acknowledged a record last, or null
 * @param lastError why a record or the producer failed last, or null
 */
public record ProducerMetrics(
        @Schema("Records that Kafka acknowledged") long recordsSent,

        @Schema("Records that were given up and are not in the topic")
        long recordsFailed,

        @Schema("Bytes of keys and values acknowledged, before compression")
        long bytesSent,

        @Schema("Average since the start") double recordsPerSecond,
        @Schema("When it started") Instant startedAt,

        @Schema("When it ended; absent while it runs") @Nullable
        Instant endedAt,

        @Schema("When Kafka acknowledged a record last") @Nullable
        Instant lastRecordTime,

        @Schema("Why a record or the producer failed last") @Nullable
        String lastError) {}
