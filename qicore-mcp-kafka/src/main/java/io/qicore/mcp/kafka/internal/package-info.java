/** Internal: how the administrative tools of the Kafka servers do their work. May change without notice. */
@NullMarked
package io.qicore.mcp.kafka.internal;

import org.jspecify.annotations.NullMarked;
