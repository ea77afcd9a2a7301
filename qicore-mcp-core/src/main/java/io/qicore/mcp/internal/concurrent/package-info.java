/** Threads, and a signal that is given once. */
@NullMarked
package io.qicore.mcp.internal.concurrent;

import org.jspecify.annotations.NullMarked;
