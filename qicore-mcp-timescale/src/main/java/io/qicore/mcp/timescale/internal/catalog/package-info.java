/**
 * Internal: reads the catalogue of the database. Holds tables and columns, the TimescaleDB extension and its version,
 * hypertables and their policies. Works inside a transaction of {@code connect}.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.catalog;

import org.jspecify.annotations.NullMarked;
