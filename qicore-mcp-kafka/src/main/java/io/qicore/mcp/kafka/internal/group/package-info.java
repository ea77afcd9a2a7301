/** Internal: the tools that list, describe, move and delete consumer groups. May change without notice. */
@NullMarked
package io.qicore.mcp.kafka.internal.group;

import org.jspecify.annotations.NullMarked;
