/**
 * Producers that agents start and stop. Start with {@link io.qicore.mcp.kafka.producer.StreamingProducerMCPServer}; what
 * runs lives in a {@link io.qicore.mcp.kafka.producer.ProducerRuntime}.
 */
@NullMarked
package io.qicore.mcp.kafka.producer;

import org.jspecify.annotations.NullMarked;
