/** Internal: threads. */
@NullMarked
package io.qicore.mcp.internal.concurrent;

import org.jspecify.annotations.NullMarked;
