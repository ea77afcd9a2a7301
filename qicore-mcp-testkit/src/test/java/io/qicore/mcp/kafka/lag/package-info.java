/** States of groups on a real broker, what the lag tools say about them, and what Kafka's own commands say. */
@org.jspecify.annotations.NullMarked
package io.qicore.mcp.kafka.lag;
