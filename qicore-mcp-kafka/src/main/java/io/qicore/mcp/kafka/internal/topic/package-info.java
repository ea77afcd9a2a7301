/** Internal: the tools for topics and the cluster. May change without notice. */
@NullMarked
package io.qicore.mcp.kafka.internal.topic;

import org.jspecify.annotations.NullMarked;
