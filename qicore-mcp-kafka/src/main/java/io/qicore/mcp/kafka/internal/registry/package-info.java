/** Internal: the client of a schema registry. May change without notice. */
@NullMarked
package io.qicore.mcp.kafka.internal.registry;

import org.jspecify.annotations.NullMarked;
