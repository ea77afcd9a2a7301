/**
 * Internal: decodes records that were written with schemas of a registry, in the wire format of Confluent. The libraries for Avro
 * and Protobuf are optional. May change without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.schema;

import org.jspecify.annotations.NullMarked;
