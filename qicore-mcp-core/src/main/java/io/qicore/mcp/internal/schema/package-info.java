/** Internal: JSON Schema from Java records, and validation by it. */
@NullMarked
package io.qicore.mcp.internal.schema;

import org.jspecify.annotations.NullMarked;
