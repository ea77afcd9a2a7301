/**
 * Servers and fixtures for the tests of an application. {@link StreamingInfrastructure} stands for an embedded Kafka broker
 * and an embedded PostgreSQL, or for Redpanda and TimescaleDB in containers. {@link KafkaFixture} and
 * {@link DatabaseFixture} prepare and inspect the data in them.
 */
@NullMarked
package io.qicore.mcp.testkit;

import org.jspecify.annotations.NullMarked;
