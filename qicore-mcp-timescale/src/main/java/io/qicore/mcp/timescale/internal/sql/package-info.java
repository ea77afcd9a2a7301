/**
 * Internal: texts of SQL, names, intervals and times, read and written without a database. Includes the lexer and the
 * rules for the statements that {@code query} accepts.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.sql;

import org.jspecify.annotations.NullMarked;
