/**
 * Agents that coordinate several MCP servers through clients. For each role of a server, one file holds the tools and
 * error codes that agents rely on: {@code KafkaTools}, {@code DatabaseTools}, {@code ProducerTools},
 * {@code LiveDataTools}.
 */
@NullMarked
package io.qicore.mcp.agent;

import org.jspecify.annotations.NullMarked;
