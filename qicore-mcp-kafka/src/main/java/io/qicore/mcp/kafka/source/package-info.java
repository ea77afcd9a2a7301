/**
 * The interface for sources of records. A {@link io.qicore.mcp.kafka.source.SourceType} opens a
 * {@link io.qicore.mcp.kafka.source.RecordSource} from the {@code config} of a producer, and a runtime writes its records to a
 * topic. Types are found by {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.qicore.mcp.kafka.source;

import org.jspecify.annotations.NullMarked;
