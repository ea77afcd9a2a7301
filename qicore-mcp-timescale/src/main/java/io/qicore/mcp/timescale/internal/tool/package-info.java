/** Internal: the tools, in groups that belong together. */
@NullMarked
package io.qicore.mcp.timescale.internal.tool;

import org.jspecify.annotations.NullMarked;
