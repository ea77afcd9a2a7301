/**
 * Changes that are planned before they are made. A tool describes its change as a
 * {@link io.qicore.mcp.tool.change.PlannedChange}; {@link io.qicore.mcp.tool.change.Confirmation} decides whether the
 * call makes it, shows it or asks the user about it.
 */
@NullMarked
package io.qicore.mcp.tool.change;

import org.jspecify.annotations.NullMarked;
