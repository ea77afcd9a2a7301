/**
 * Runs producers on a Kafka Connect cluster. Start with {@link io.qicore.mcp.kafka.producer.connect.ConnectProducerRuntime}. The workers
 * need the plugin of {@link io.qicore.mcp.kafka.connect}.
 */
@NullMarked
package io.qicore.mcp.kafka.producer.connect;

import org.jspecify.annotations.NullMarked;
