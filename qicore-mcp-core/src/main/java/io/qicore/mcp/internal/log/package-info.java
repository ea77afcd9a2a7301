/** Internal: how text that clients have sent appears in the log. */
@NullMarked
package io.qicore.mcp.internal.log;

import org.jspecify.annotations.NullMarked;
