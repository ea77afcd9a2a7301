/** Internal: tool errors as JSON, and the limits of timeouts. */
@NullMarked
package io.qicore.mcp.internal.tool;

import org.jspecify.annotations.NullMarked;
