package io.qicore.mcp.conformance;

import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import java.util.List;

/** The resources that the suite reads. */
final class SuiteResources {

    private SuiteResources() {}

    static List<MCPResource> all() {
        return List.of(
                MCPResource.of("test://static-text", "static-text")
                        .description("A text that never changes.")
                        .mimeType("text/plain")
                        .reader((uri, variables, context) ->
                                ResourceResult.text("This is the content of the static text resource."))
                        .build(),
                MCPResource.of("test://static-binary", "static-binary")
                        .description("A picture that never changes.")
                        .mimeType("image/png")
                        .reader((uri, variables, context) -> ResourceResult.blob(Samples.png()))
                        .build(),
                MCPResource.of("test://watched-resource", "watched-resource")
                        .description("Can be watched, though it never changes.")
                        .mimeType("text/plain")
                        .reader((uri, variables, context) -> ResourceResult.text("Watched."))
                        .watcher((uri, caller, changed) -> () -> {})
                        .build(),
                MCPResource.template("test://template/{id}/data", "template")
                        .description("Data of an id.")
                        .mimeType("application/json")
                        .reader((uri, variables, context) -> ResourceResult.text(data(variables.get("id"))))
                        .completer("id", (typed, others, context) -> List.of(typed + "1", typed + "2"))
                        .build());
    }

    private static String data(String id) {
        return Json.object()
                .put("id", id)
                .put("templateTest", true)
                .put("data", "Data for ID: " + id)
                .toString();
    }
}
