package io.qicore.mcp.kafka.internal.content;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;

/** Decodes and masks what records hold. Thread-safe. */
public final class Contents {

    private static final String UNCHECKED =
            "Withheld: this server masks fields, and the fields of this content cannot be" + " told apart.";
    private static final byte[] NOTHING = {};

    private final FieldMask mask;

    /** Creates a reader of contents that masks fields. */
    public Contents(FieldMask mask) {
        this.mask = mask;
    }

    /** Returns the mask. */
    public FieldMask mask() {
        return mask;
    }

    /** Returns whether contents are shown as they are stored, so that their bytes can be searched. */
    boolean showsBytes() {
        return mask == FieldMask.NONE;
    }

    /** Reads the key of a record. */
    Content key(Payload key) {
        return mask.masksKeys() ? Content.text(FieldMask.MASKED, 0, null) : read(key);
    }

    /** Reads the value of a record. */
    Content value(Payload value) {
        return read(value);
    }

    /** Reads a header. */
    Content header(String name, byte[] value) {
        return mask.covers(name)
                ? Content.text(FieldMask.MASKED, 0, null)
                : read(Payload.of(ByteBuffer.wrap(value), NOTHING));
    }

    private Content read(Payload payload) {
        String text = Content.textOrNull(payload.bytes(), payload.whole());
        JsonNode tree = text == null || !payload.whole() ? null : JsonTrees.containerOrNull(text);
        if (tree != null) {
            JsonNode masked = mask.apply(tree);
            return Content.json(masked, masked == tree ? text : JsonTrees.write(masked), payload.size());
        }
        if (mask.masksFields() && (text == null || !payload.whole() || mask.suspects(text))) {
            return Content.withheld(payload.size(), UNCHECKED);
        }
        return text == null
                ? Content.binary(payload.bytes(), payload.size(), null)
                : Content.text(text, payload.size(), null);
    }
}
