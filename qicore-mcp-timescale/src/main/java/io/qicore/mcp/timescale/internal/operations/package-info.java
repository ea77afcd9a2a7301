/**
 * Internal: the tools for those who run the database: its health, its most expensive queries, and how to cancel one.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.operations;

import org.jspecify.annotations.NullMarked;
