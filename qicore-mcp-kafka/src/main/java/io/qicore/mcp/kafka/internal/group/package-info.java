/**
 * Internal: the tools that list, describe and delete consumer groups, and that reset or delete their committed offsets.
 * May change without notice.
 */
@NullMarked
package io.qicore.mcp.kafka.internal.group;

import org.jspecify.annotations.NullMarked;
