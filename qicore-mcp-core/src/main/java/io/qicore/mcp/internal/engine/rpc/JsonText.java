package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;

/**
 * The text of a JSON value as a string, which is made when it is written. A large result then takes up the memory for its
 * text only while it is being written, and few are at once.
 */
final class JsonText extends ValueNode {

    private static final long serialVersionUID = 1;

    private final transient JsonNode value;

    /** What {@link WrittenObject} writes next, so that the value is not written twice. */
    private transient volatile String lastWritten = "";

    JsonText(JsonNode value) {
        this.value = value;
    }

    @Override
    public JsonToken asToken() {
        return JsonToken.VALUE_STRING;
    }

    @Override
    public JsonNodeType getNodeType() {
        return JsonNodeType.STRING;
    }

    @Override
    public String textValue() {
        return Json.text(value, null);
    }

    @Override
    public String asText() {
        return textValue();
    }

    @Override
    public String asText(String defaultValue) {
        return textValue();
    }

    @Override
    @SuppressWarnings("unchecked") // the return type of this inherited method is not safe
    public <T extends JsonNode> T deepCopy() {
        return (T) TextNode.valueOf(textValue());
    }

    @Override
    public void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
        String text = Json.text(value, generator.getOutputTarget());
        generator.writeString(text);
        lastWritten = text;
    }

    /** Returns the text if it has just been written, otherwise an empty one. */
    String takeWritten() {
        String text = lastWritten;
        lastWritten = "";
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ValueNode text
                && text.isTextual()
                && textValue().equals(text.textValue());
    }

    @Override
    public int hashCode() {
        return textValue().hashCode();
    }
}
