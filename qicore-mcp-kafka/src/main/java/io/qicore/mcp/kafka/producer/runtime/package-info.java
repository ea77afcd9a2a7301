/**
 * The interface of what runs producers. Start with {@link io.qicore.mcp.kafka.producer.runtime.ProducerRuntime}. The server and its
 * tools know nothing else of a runtime.
 */
@NullMarked
package io.qicore.mcp.kafka.producer.runtime;

import org.jspecify.annotations.NullMarked;
