/**
 * Changes that are planned before they are applied. A tool describes its change as a
 * {@link io.qicore.mcp.tool.change.PlannedChange}. {@link io.qicore.mcp.tool.change.Confirmation} decides whether a
 * call applies the change, previews it, or asks the user to confirm it.
 */
@NullMarked
package io.qicore.mcp.tool.change;

import org.jspecify.annotations.NullMarked;
