/**
 * Which database a server uses, what it offers to agents, when it asks before it changes something, and the error codes
 * that agents see. Everything here is immutable.
 */
@NullMarked
package io.qicore.mcp.timescale.access;

import org.jspecify.annotations.NullMarked;
