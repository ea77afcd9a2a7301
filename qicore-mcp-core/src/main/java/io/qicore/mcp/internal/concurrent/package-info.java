/** Internal: threads for blocking work, and events that happen at most once. */
@NullMarked
package io.qicore.mcp.internal.concurrent;

import org.jspecify.annotations.NullMarked;
