/**
 * The plugin for Kafka Connect: {@link io.qicore.mcp.kafka.connect.QiCoreSourceConnector} runs a source of this module on the workers of
 * a Connect cluster. Its classes need {@code connect-api}, which workers have; an application that only commands a Connect cluster,
 * by {@link io.qicore.mcp.kafka.producer.connect.ConnectProducerRuntime}, does not need it.
 */
@NullMarked
package io.qicore.mcp.kafka.connect;

import org.jspecify.annotations.NullMarked;
