/** Internal: tool errors as JSON. */
@NullMarked
package io.qicore.mcp.internal.tool;

import org.jspecify.annotations.NullMarked;
