/**
 * Runs servers in an application: finds their providers, reads their settings, creates, starts and stops them. Start with
 * {@link io.qicore.mcp.host.MCPServerFactory}.
 */
@NullMarked
package io.qicore.mcp.host;

import org.jspecify.annotations.NullMarked;
