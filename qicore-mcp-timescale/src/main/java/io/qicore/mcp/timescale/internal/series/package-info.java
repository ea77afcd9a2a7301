/** Internal: the tools that aggregate time series and judge how they arrive. */
@NullMarked
package io.qicore.mcp.timescale.internal.series;

import org.jspecify.annotations.NullMarked;
