/** Internal: the tools that look after the database server. */
@NullMarked
package io.qicore.mcp.timescale.internal.operations;

import org.jspecify.annotations.NullMarked;
