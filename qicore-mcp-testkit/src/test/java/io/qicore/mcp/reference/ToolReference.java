package io.qicore.mcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Writes the reference page of a server, in Markdown. Not thread-safe. */
final class ToolReference {

    private final StringBuilder page = new StringBuilder();

    private ToolReference() {}

    static String page(String name, StatelessMCPServer server) {
        ToolReference reference = new ToolReference();
        reference.line("# Server `" + name + "`");
        reference.line(
                "`" + server.getClass().getSimpleName() + "`, as agents see it. Made from the code: the same is what"
                        + " `tools/list` says. `?` marks what may be left out.");
        for (MCPTool tool : server.tools()) {
            reference.tool(tool);
        }
        if (!server.resources().isEmpty()) {
            reference.line("## Resources");
            server.resources().forEach(reference::resource);
        }
        if (!server.prompts().isEmpty()) {
            reference.line("## Prompts");
            server.prompts().forEach(reference::prompt);
        }
        if (!server.offeredSkills().isEmpty()) {
            reference.line("## Skills");
            server.offeredSkills().forEach(skill -> reference.line("* `" + skill.uri() + "`: " + skill.description()));
        }
        return reference.page.toString();
    }

    private void tool(MCPTool tool) {
        line("## `" + tool.name() + "`");
        line(tool.description());
        line("*" + effect(tool) + "*");
        JsonNode input = tool.inputSchema();
        fields("Argument", input, input);
        JsonNode output = tool.outputSchema();
        if (output != null) {
            fields("Result", output, output);
        }
    }

    private static String effect(MCPTool tool) {
        var annotations = tool.annotations();
        if (annotations.readOnlyHint()) {
            return "Reads only.";
        }
        return (annotations.destructiveHint() ? "Changes or deletes." : "Adds, and changes nothing that is there.")
                + (annotations.idempotentHint() ? " The same call again changes nothing more." : "");
    }

    private void resource(MCPResource resource) {
        line("* `" + resource.uri() + "`: " + sentence(resource.description(), resource.name())
                + (resource.watcher().isPresent() ? " Can be subscribed to." : ""));
    }

    private void prompt(MCPPrompt prompt) {
        String arguments = prompt.arguments().stream()
                .map(argument ->
                        "`" + argument.name() + (argument.required() ? "" : "?") + "` " + argument.description())
                .collect(Collectors.joining("; "));
        line("* `" + prompt.name() + "`: " + sentence(prompt.description(), prompt.name())
                + (arguments.isEmpty() ? "" : " Arguments: " + arguments + "."));
    }

    private static String sentence(String description, String otherwise) {
        return description == null ? otherwise : description;
    }

    private void fields(String heading, JsonNode schema, JsonNode root) {
        List<String> rows = new ArrayList<>();
        rows(rows, "", schema, root, 0);
        if (rows.isEmpty()) {
            return;
        }
        page.append("| ").append(heading).append(" | Type | Meaning |\n|---|---|---|\n");
        rows.forEach(row -> page.append(row).append('\n'));
        page.append('\n');
    }

    private static void rows(List<String> rows, String prefix, JsonNode schema, JsonNode root, int depth) {
        List<String> required = StreamSupport.stream(schema.path("required").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode value = resolve(property.getValue(), root);
            String name = prefix + property.getKey();
            rows.add("| `" + name + (required.contains(property.getKey()) ? "" : "?") + "` | " + type(value, root)
                    + " | " + meaning(property.getValue(), value) + " |");
            JsonNode items = resolve(value.path("items"), root);
            // Deeper nesting would make the table unreadable.
            if (depth < 2) {
                rows(rows, name + ".", value, root, depth + 1);
                rows(rows, name + "[].", items, root, depth + 1);
            }
        }
    }

    private static JsonNode resolve(JsonNode schema, JsonNode root) {
        String reference = schema.path("$ref").asText();
        return reference.startsWith("#") ? root.at(reference.substring(1)) : schema;
    }

    private static String type(JsonNode schema, JsonNode root) {
        if (schema.has("enum")) {
            return StreamSupport.stream(schema.get("enum").spliterator(), false)
                    .map(value -> "`" + value.asText() + "`")
                    .collect(Collectors.joining(" "));
        }
        JsonNode type = schema.path("type");
        String name = type.isArray()
                ? StreamSupport.stream(type.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(" or "))
                : type.asText("any");
        return name.equals("array") ? "array of " + type(resolve(schema.path("items"), root), root) : name;
    }

    private static String meaning(JsonNode property, JsonNode schema) {
        JsonNode described = property.has("description") ? property : schema;
        String text = described.path("description").asText().replace("|", "\\|").replace("\n", " ");
        String bounds = bound(schema, "minimum", "at least ") + bound(schema, "maximum", "at most ");
        String initial =
                schema.has("default") ? " Default: `" + schema.get("default").asText() + "`." : "";
        return (text + (bounds.isEmpty() ? "" : " (" + bounds.strip() + ")") + initial).strip();
    }

    private static String bound(JsonNode schema, String keyword, String word) {
        return schema.has(keyword) ? word + schema.get(keyword).asText() + " " : "";
    }

    private void line(String text) {
        page.append(text).append("\n\n");
    }
}
