/** Internal: bounded transactions, the catalogue, and what PostgreSQL's values and errors become. */
@NullMarked
package io.qicore.mcp.timescale.internal.db;

import org.jspecify.annotations.NullMarked;
