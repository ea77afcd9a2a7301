/**
 * MCP servers with which AI agents administer one Apache Kafka cluster.
 *
 * <ul>
 *   <li>This package: {@link io.qicore.mcp.kafka.KafkaMCPServer} for topics and consumer groups, and
 *       {@link io.qicore.mcp.kafka.StreamingConsumerMCPServer} for consumer groups only.
 *   <li>{@link io.qicore.mcp.kafka.access}: what every server of this module is made from, the connection to the cluster,
 *       the options with the policy that limits agents, the settings, and the error codes.
 *   <li>{@link io.qicore.mcp.kafka.producer}: a server that controls producers, which run in a
 *       {@link io.qicore.mcp.kafka.producer.runtime}: {@link io.qicore.mcp.kafka.producer.local} or
 *       {@link io.qicore.mcp.kafka.producer.connect}, whose workers have the plugin of {@link io.qicore.mcp.kafka.connect}.
 *   <li>{@link io.qicore.mcp.kafka.source}: the interface for sources of their records.
 *   <li>{@link io.qicore.mcp.kafka.records}: a server that shows the records of topics, and writes some.
 *   <li>{@link io.qicore.mcp.kafka.live}: a server that returns the current prices on a topic.
 *   <li>{@link io.qicore.mcp.kafka.cryptocompare}: a server that fetches prices from CryptoCompare; it needs no cluster.
 *   <li>{@link io.qicore.mcp.kafka.marketdata}: candles.
 *   <li>{@code io.qicore.mcp.kafka.internal} and the packages below it: the tools. May change without notice.
 * </ul>
 *
 * <pre>{@code
 * var server = new KafkaMCPServer(KafkaConnection.to("localhost:9092"));
 * server.initialize();
 * }</pre>
 */
@NullMarked
package io.qicore.mcp.kafka;

import org.jspecify.annotations.NullMarked;
