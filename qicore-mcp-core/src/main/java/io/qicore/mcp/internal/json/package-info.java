/** Internal: the JSON mapper that all parts share. */
@NullMarked
package io.qicore.mcp.internal.json;

import org.jspecify.annotations.NullMarked;
