package io.qicore.mcp.engine.access;

import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.tool.MCPTool;
import java.util.Objects;

/** Something that a server offers by name. */
public sealed interface Offer {

    /** A tool. */
    record Tool(MCPTool tool) implements Offer {
        /** Requires the tool. */
        public Tool {
            Objects.requireNonNull(tool, "tool");
        }
    }

    /** A resource or a template of resources. */
    record Resource(MCPResource resource) implements Offer {
        /** Requires the resource. */
        public Resource {
            Objects.requireNonNull(resource, "resource");
        }
    }

    /** A prompt. */
    record Prompt(MCPPrompt prompt) implements Offer {
        /** Requires the prompt. */
        public Prompt {
            Objects.requireNonNull(prompt, "prompt");
        }
    }
}
