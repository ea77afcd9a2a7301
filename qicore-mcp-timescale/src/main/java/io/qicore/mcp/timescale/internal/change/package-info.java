/**
 * Internal: how a tool that deletes or cancels asks before it does. A plan has a hash; the user confirms it through the
 * client, or the client repeats the call with the hash.
 */
@NullMarked
package io.qicore.mcp.timescale.internal.change;

import org.jspecify.annotations.NullMarked;
