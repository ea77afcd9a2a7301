/** A server that shows the records of topics to agents. */
@NullMarked
package io.qicore.mcp.kafka.records;

import org.jspecify.annotations.NullMarked;
