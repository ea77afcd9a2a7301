/** Internal: the JSON mapper that all packages share, and digests of values as JSON. */
@NullMarked
package io.qicore.mcp.internal.json;

import org.jspecify.annotations.NullMarked;
