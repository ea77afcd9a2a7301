/**
 * Agents that coordinate several MCP servers through clients. For each kind of server, one class holds the tools and
 * error codes that agents use: {@code KafkaTools}, {@code DatabaseTools}, {@code ProducerTools},
 * {@code LiveDataTools}.
 */
@NullMarked
package io.qicore.mcp.agent;

import org.jspecify.annotations.NullMarked;
