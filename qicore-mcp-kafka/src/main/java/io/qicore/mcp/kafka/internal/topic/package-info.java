/** Internal: the tools for the cluster and its topics, one class for each tool. May change without notice. */
@NullMarked
package io.qicore.mcp.kafka.internal.topic;

import org.jspecify.annotations.NullMarked;
