/**
 * A server with which agents start and stop producers. Start with
 * {@link io.qicore.mcp.kafka.producer.StreamingProducerMCPServer}; the producers run in a
 * {@link io.qicore.mcp.kafka.producer.runtime.ProducerRuntime}.
 */
@NullMarked
package io.qicore.mcp.kafka.producer;

import org.jspecify.annotations.NullMarked;
