package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.ResourceContents;
import org.jspecify.annotations.Nullable;

/** Writes content as JSON, in the form of the newest revision. */
public final class ContentJson {

    private ContentJson() {}

    public static ObjectNode of(Content content) {
        ObjectNode json = Json.object();
        if (content instanceof Content.Text text) {
            json.put("type", "text").put("text", text.text());
        } else if (content instanceof Content.Image image) {
            json.put("type", "image").put("data", image.data()).put("mimeType", image.mimeType());
        } else if (content instanceof Content.Audio audio) {
            json.put("type", "audio").put("data", audio.data()).put("mimeType", audio.mimeType());
        } else if (content instanceof Content.ResourceLink link) {
            json.put("type", "resource_link").put("uri", link.uri()).put("name", link.name());
            put(json, "description", link.description());
            put(json, "mimeType", link.mimeType());
        } else if (content instanceof Content.EmbeddedResource embedded) {
            json.put("type", "resource").set("resource", of(embedded.resource()));
        }
        return json;
    }

    public static ObjectNode of(ResourceContents contents) {
        ObjectNode json = Json.object().put("uri", contents.uri());
        put(json, "mimeType", contents.mimeType());
        if (contents instanceof ResourceContents.Text text) {
            json.put("text", text.text());
        } else if (contents instanceof ResourceContents.Blob blob) {
            json.put("blob", blob.blob());
        }
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
