/** The types of sources that come with this module: simulated, replay, kafka-topic. Found by {@code ServiceLoader}. */
@NullMarked
package io.qicore.mcp.kafka.internal.source;

import org.jspecify.annotations.NullMarked;
