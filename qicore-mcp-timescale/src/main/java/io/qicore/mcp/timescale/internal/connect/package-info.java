/**
 * Internal: how statements reach the database. Pools, transactions that end with the deadline of their call, and the one
 * place where failures of the database become errors for agents.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.connect;

import org.jspecify.annotations.NullMarked;
