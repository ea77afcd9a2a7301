/** Internal: what is decided about SQL, intervals and identifiers before a database sees them. Pure text, no JDBC. */
@NullMarked
package io.qicore.mcp.timescale.internal.sql;

import org.jspecify.annotations.NullMarked;
