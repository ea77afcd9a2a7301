/** Compares {@code query} with plain JDBC. */
@NullMarked
package io.qicore.mcp.benchmarks.sql;

import org.jspecify.annotations.NullMarked;
