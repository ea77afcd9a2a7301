package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;

/** A JSON object with its text, so that writing it only copies the text. Must not be modified. */
@SuppressWarnings("unchecked") // of deepCopy(), which is inherited
public final class WrittenObject extends ObjectNode {

    private static final long serialVersionUID = 1L;

    private final String text;

    /** @param text what {@link Json#MAPPER} writes for the object, without half surrogate pairs */
    WrittenObject(ObjectNode object, String text) {
        super(Json.MAPPER.getNodeFactory());
        setAll(object);
        this.text = text;
    }

    @Override
    public void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
        if (generator instanceof TokenBuffer) {
            // A conversion needs the members, not the text.
            super.serialize(generator, provider);
        } else {
            generator.writeRawValue(text);
        }
    }
}
