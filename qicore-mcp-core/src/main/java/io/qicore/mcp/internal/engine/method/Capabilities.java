package io.qicore.mcp.internal.engine.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.internal.engine.call.ConnectionState;
import io.qicore.mcp.internal.engine.rpc.ClientProfile;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.tool.MCPTool;
import java.util.List;

/**
 * What a server offers, by feature.
 *
 * @param tools there are tools
 * @param resources there are resources
 * @param watchable some resource can be watched
 * @param prompts there are prompts
 * @param completions some argument can be completed
 * @param tasks calls may go on as tasks
 * @param skills there are skills
 */
public record Capabilities(
        boolean tools,
        boolean resources,
        boolean watchable,
        boolean prompts,
        boolean completions,
        boolean tasks,
        boolean skills) {

    private static final String SKILLS = "io.modelcontextprotocol/skills";

    /**
     * Returns the capabilities for the given tools, resources, prompts and skills, whose files are resources. A server
     * without any of them offers an empty list of tools.
     */
    public static Capabilities of(
            List<MCPTool> tools, List<MCPResource> resources, List<MCPPrompt> prompts, boolean tasks, boolean skills) {
        return new Capabilities(
                !tools.isEmpty() || (resources.isEmpty() && prompts.isEmpty() && !skills),
                !resources.isEmpty() || skills,
                resources.stream().anyMatch(resource -> resource.watcher().isPresent()),
                !prompts.isEmpty(),
                prompts.stream().anyMatch(MCPPrompt::hasCompleters)
                        || resources.stream().anyMatch(MCPResource::hasCompleters),
                tasks,
                skills);
    }

    /** Returns the capabilities for a client that can subscribe to changes. */
    ObjectNode modern() {
        ObjectNode capabilities = Json.object();
        if (tools) {
            capabilities.putObject("tools").put("listChanged", true);
        }
        if (resources) {
            capabilities.putObject("resources").put("listChanged", true).put("subscribe", watchable);
        }
        if (prompts) {
            capabilities.putObject("prompts").put("listChanged", true);
        }
        addCommon(capabilities);
        ObjectNode extensions = Json.object();
        if (tasks) {
            extensions.putObject(ClientProfile.TASKS);
        }
        if (skills) {
            extensions.putObject(SKILLS).put("directoryRead", true);
        }
        if (!extensions.isEmpty()) {
            capabilities.set("extensions", extensions);
        }
        return capabilities;
    }

    /**
     * Returns the capabilities for a client of an older revision, which is notified only if its connection can carry
     * notifications.
     */
    ObjectNode legacy(CallMetadata metadata) {
        ConnectionState connection = ConnectionState.of(metadata);
        boolean pushes = connection != null && connection.unsolicited().isPresent();
        ObjectNode capabilities = Json.object();
        if (tools) {
            capabilities.putObject("tools");
        }
        if (resources) {
            ObjectNode resource = capabilities.putObject("resources");
            if (pushes && watchable) {
                resource.put("subscribe", true);
            }
        }
        if (prompts) {
            capabilities.putObject("prompts");
        }
        addCommon(capabilities);
        return capabilities;
    }

    private void addCommon(ObjectNode capabilities) {
        if (completions) {
            capabilities.putObject("completions");
        }
        capabilities.putObject("logging");
    }
}
