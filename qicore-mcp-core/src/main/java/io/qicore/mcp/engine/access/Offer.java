package io.qicore.mcp.engine.access;

import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.tool.MCPTool;

/** Something that a server offers by name. */
public sealed interface Offer {

    /** A tool. */
    record Tool(MCPTool tool) implements Offer {}

    /** A resource or a template of resources. */
    record Resource(MCPResource resource) implements Offer {}

    /** A prompt. */
    record Prompt(MCPPrompt prompt) implements Offer {}
}
