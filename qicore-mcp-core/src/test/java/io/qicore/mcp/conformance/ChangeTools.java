package io.qicore.mcp.conformance;

import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolResult;
import java.util.List;

/** Tools by which the suite makes the server announce a change of its lists. */
final class ChangeTools {

    private ChangeTools() {}

    static List<MCPTool> all(Runnable toolsChanged, Runnable promptsChanged) {
        return List.of(
                announcing("test_trigger_tool_change", "Announces that the tools have changed.", toolsChanged),
                announcing("test_trigger_prompt_change", "Announces that the prompts have changed.", promptsChanged));
    }

    private static MCPTool announcing(String name, String description, Runnable announce) {
        return Tools.plain(name, description, (arguments, context) -> {
            announce.run();
            return ToolResult.text("Announced.");
        });
    }
}
