package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.handler.FormHandler;
import io.qicore.mcp.client.handler.PageHandler;
import io.qicore.mcp.client.handler.Root;
import io.qicore.mcp.client.handler.SamplingHandler;
import io.qicore.mcp.internal.json.Json;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What answers the questions of servers; null for what the client cannot do.
 *
 * @param form asks the user to fill in a form
 * @param page asks the user to open a web page
 * @param sampling runs a prompt on a model
 * @param roots returns the folders that the user has opened
 */
public record InputHandlers(
        @Nullable FormHandler form,
        @Nullable PageHandler page,
        @Nullable SamplingHandler sampling,
        @Nullable Supplier<List<Root>> roots) {

    /** Returns the capabilities that the handlers make up. */
    public ObjectNode capabilities() {
        ObjectNode capabilities = Json.object();
        if (form != null || page != null) {
            ObjectNode elicitation = capabilities.putObject("elicitation");
            if (form != null) {
                elicitation.putObject("form");
            }
            if (page != null) {
                elicitation.putObject("url");
            }
        }
        if (sampling != null) {
            capabilities.putObject("sampling");
        }
        if (roots != null) {
            capabilities.putObject("roots");
        }
        return capabilities;
    }
}
