package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;

/** A JSON object that is written by copying its text, if that has just been written. Must not be modified. */
@SuppressWarnings("unchecked") // of deepCopy(), which is inherited
final class WrittenObject extends ObjectNode {

    private static final long serialVersionUID = 1L;

    private final transient JsonText text;

    /** @param text of the same object */
    WrittenObject(ObjectNode object, JsonText text) {
        super(Json.MAPPER.getNodeFactory());
        setAll(object);
        this.text = text;
    }

    @Override
    public void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
        // A conversion needs the members, not the text.
        String written = generator instanceof TokenBuffer ? "" : text.takeWritten();
        if (written.isEmpty()) {
            super.serialize(generator, provider);
        } else {
            generator.writeRawValue(written);
        }
    }
}
