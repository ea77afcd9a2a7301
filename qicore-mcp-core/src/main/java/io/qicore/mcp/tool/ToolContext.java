package io.qicore.mcp.tool;

import io.qicore.mcp.interaction.RequestContext;

/**
 * What a tool's handler knows about the call that it serves. Valid during that call only; thread-safe. Past the deadline
 * the client has been answered with {@link StandardErrorCode#DEADLINE_EXCEEDED}.
 */
public interface ToolContext extends RequestContext {}
