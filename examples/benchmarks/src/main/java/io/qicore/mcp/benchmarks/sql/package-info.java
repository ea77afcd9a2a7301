/** What {@code query} costs over plain JDBC. */
@NullMarked
package io.qicore.mcp.benchmarks.sql;

import org.jspecify.annotations.NullMarked;
