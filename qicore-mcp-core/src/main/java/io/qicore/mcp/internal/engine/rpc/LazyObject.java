package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that a tool has written as text. It is written by copying the text, and its members are parsed when they
 * are first asked for, which is never on the way to a client. Must not be modified.
 */
@SuppressWarnings("unchecked") // of deepCopy(), which is inherited
final class LazyObject extends ObjectNode {

    private static final long serialVersionUID = 1;

    private final String text;

    /** @param text one JSON object, without half surrogate pairs */
    LazyObject(String text) {
        super(Json.MAPPER.getNodeFactory(), new Members(text));
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

    /** The members of a text. Parsing twice gives the same members, so threads need not wait for each other. */
    private static final class Members extends AbstractMap<String, JsonNode> {

        private final String text;
        private volatile @Nullable Map<String, JsonNode> parsed;

        Members(String text) {
            this.text = text;
        }

        @Override
        public Set<Entry<String, JsonNode>> entrySet() {
            return parsed().entrySet();
        }

        @Override
        public @Nullable JsonNode get(Object name) {
            return parsed().get(name);
        }

        private Map<String, JsonNode> parsed() {
            Map<String, JsonNode> known = parsed;
            if (known == null) {
                known = new LinkedHashMap<>();
                try {
                    for (Map.Entry<String, JsonNode> member :
                            Json.MAPPER.readTree(text).properties()) {
                        known.put(member.getKey(), member.getValue());
                    }
                } catch (JsonProcessingException e) {
                    throw new UncheckedIOException(e);
                }
                parsed = known;
            }
            return known;
        }
    }
}
