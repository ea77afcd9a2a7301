/**
 * Internal: parses and writes SQL texts, names, intervals and times without a database. Holds the lexer and the rules
 * for the statements that {@code query} accepts.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.sql;

import org.jspecify.annotations.NullMarked;
