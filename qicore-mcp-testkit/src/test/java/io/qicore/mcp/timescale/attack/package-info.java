/** Statements that must do no harm, run against real databases. */
@NullMarked
package io.qicore.mcp.timescale.attack;

import org.jspecify.annotations.NullMarked;
