/**
 * Internal: the tools that list, describe and create schemas and tables, and the resources that describe tables.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.schema;

import org.jspecify.annotations.NullMarked;
