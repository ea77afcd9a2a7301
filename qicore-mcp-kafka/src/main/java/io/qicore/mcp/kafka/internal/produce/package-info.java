/** Internal: tools that write records and end transactions. May change without notice. */
@NullMarked
package io.qicore.mcp.kafka.internal.produce;

import org.jspecify.annotations.NullMarked;
