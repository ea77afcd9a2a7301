/**
 * What a project uses in its own tests: a real Kafka broker and a real PostgreSQL in the running
 * JVM, or Redpanda and TimescaleDB in containers, behind one interface. {@link KafkaFixture} and
 * {@link DatabaseFixture} prepare and inspect what is in them.
 */
@NullMarked
package io.qicore.mcp.testkit;

import org.jspecify.annotations.NullMarked;
