package io.qicore.mcp.conformance;

import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ResourceContents;
import io.qicore.mcp.tool.ToolResult;
import java.util.List;

/** Tools that answer with each kind of content. */
final class ContentTools {

    private ContentTools() {}

    static List<MCPTool> all() {
        // The suite calls the first tool of the list without arguments.
        return List.of(
                Tools.plain(
                        "test_simple_text",
                        "Answers with text.",
                        (arguments, context) -> ToolResult.text("This is a simple text response for testing.")),
                Tools.plain(
                        "test_image_content",
                        "Answers with a picture.",
                        (arguments, context) -> ToolResult.content(Content.image(Samples.png(), "image/png"))),
                Tools.plain(
                        "test_audio_content",
                        "Answers with a sound.",
                        (arguments, context) -> ToolResult.content(Content.audio(Samples.wav(), "audio/wav"))),
                Tools.plain(
                        "test_embedded_resource",
                        "Answers with a resource.",
                        (arguments, context) -> ToolResult.content(Content.embedded(new ResourceContents.Text(
                                "test://embedded-resource", "text/plain", "This is an embedded resource content.")))),
                Tools.plain(
                        "test_multiple_content_types",
                        "Answers with text, a picture and a resource.",
                        (arguments, context) -> ToolResult.content(
                                Content.text("Multiple content types test:"),
                                Content.image(Samples.png(), "image/png"),
                                Content.embedded(new ResourceContents.Text(
                                        "test://mixed-content-resource",
                                        "application/json",
                                        "{\"test\":\"data\",\"value\":123}")))),
                Tools.plain(
                        "test_error_handling",
                        "Always fails.",
                        (arguments, context) -> new ToolResult.Complete(
                                List.of(Content.text("This tool intentionally returns an error for testing")),
                                null,
                                true)));
    }
}
