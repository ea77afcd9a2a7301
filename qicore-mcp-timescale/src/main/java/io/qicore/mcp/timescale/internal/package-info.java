/**
 * Internal: the tools of the server, listed by group. Each group is a package below; nothing below depends on this one.
 */
@NullMarked
package io.qicore.mcp.timescale.internal;

import org.jspecify.annotations.NullMarked;
