/**
 * Internal: what the database has. Tables and columns by name, the TimescaleDB extension and its version, hypertables,
 * and their policies. Reads only, inside a transaction of {@code connect}.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.catalog;

import org.jspecify.annotations.NullMarked;
