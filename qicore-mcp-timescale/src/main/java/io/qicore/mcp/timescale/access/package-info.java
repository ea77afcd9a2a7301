/**
 * How a server reaches a database and what it offers to agents: the connection, the policy and options, the settings that
 * they are read from, and the error codes that agents see. Everything here is immutable.
 */
@NullMarked
package io.qicore.mcp.timescale.access;

import org.jspecify.annotations.NullMarked;
