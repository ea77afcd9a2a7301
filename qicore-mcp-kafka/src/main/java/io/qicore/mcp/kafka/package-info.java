/** Kafka for AI agents. Start with {@link io.qicore.mcp.kafka.KafkaConnection} and the servers of this package. */
@NullMarked
package io.qicore.mcp.kafka;

import org.jspecify.annotations.NullMarked;
