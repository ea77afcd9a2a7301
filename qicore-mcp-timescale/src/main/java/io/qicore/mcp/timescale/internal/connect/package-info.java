/**
 * Internal: the way of statements to the database. Holds pools, transactions that are bounded by the deadline of
 * their call, and the mapping of database failures to errors for agents.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.connect;

import org.jspecify.annotations.NullMarked;
