/** Attacks on real databases: statements that must not change or reveal anything. */
@NullMarked
package io.qicore.mcp.timescale.attack;

import org.jspecify.annotations.NullMarked;
