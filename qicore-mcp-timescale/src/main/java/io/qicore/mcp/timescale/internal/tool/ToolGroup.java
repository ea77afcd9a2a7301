package io.qicore.mcp.timescale.internal.tool;

import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/** Tools that belong together. A server is a selection of groups. */
public interface ToolGroup {

    /** The tools, in the order in which agents see them. */
    List<MCPTool> tools();
}
