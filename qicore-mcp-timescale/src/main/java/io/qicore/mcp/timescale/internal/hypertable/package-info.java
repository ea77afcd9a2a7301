/** Internal: the tools for hypertables, their chunks, policies, continuous aggregates and jobs. */
@NullMarked
package io.qicore.mcp.timescale.internal.hypertable;

import org.jspecify.annotations.NullMarked;
