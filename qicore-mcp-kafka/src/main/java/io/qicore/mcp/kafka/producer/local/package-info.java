/** Runs producers in this JVM. Start with {@link io.qicore.mcp.kafka.producer.local.LocalProducerRuntime}. */
@NullMarked
package io.qicore.mcp.kafka.producer.local;

import org.jspecify.annotations.NullMarked;
