package io.qicore.mcp.kafka.internal.content;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Decodes and masks what records hold. Thread-safe. */
public final class Contents {

    private static final String UNCHECKED =
            "Withheld: this server masks fields, and the fields of this content cannot be" + " told apart.";
    private static final byte[] NOTHING = {};

    private final FieldMask mask;
    private final ContentDecoder decoder;

    /** Creates a reader of contents that masks fields. */
    public Contents(FieldMask mask, ContentDecoder decoder) {
        this.mask = mask;
        this.decoder = decoder;
    }

    /** Returns the mask. */
    public FieldMask mask() {
        return mask;
    }

    /** Returns whether contents are shown as they are stored, so that what their bytes contain can be told. */
    boolean showsBytes() {
        return mask == FieldMask.NONE;
    }

    /** Returns whether contents can have a text that their bytes do not contain. */
    boolean decodes() {
        return decoder != ContentDecoder.NONE;
    }

    /** Reads the key of a record. */
    Content key(Payload key, Headers headers) {
        return mask.masksKeys() ? Content.text(FieldMask.MASKED, 0, null) : read(key, true, headers);
    }

    /** Reads the value of a record. */
    Content value(Payload value, Headers headers) {
        return read(value, false, headers);
    }

    /** Reads a header. */
    Content header(String name, byte[] value) {
        if (mask.covers(name)) {
            return Content.text(FieldMask.MASKED, 0, null);
        }
        return plain(Payload.of(ByteBuffer.wrap(value), NOTHING), null);
    }

    private Content read(Payload payload, boolean key, Headers headers) {
        ContentDecoder.Decoding decoding = decoder.decode(key, headers, payload.bytes(), payload.whole());
        if (decoding instanceof ContentDecoder.Decoding.Decoded decoded) {
            return Content.decoded(mask.apply(decoded.tree()), payload.size(), decoded.schema());
        }
        return plain(payload, decoding instanceof ContentDecoder.Decoding.Failed failed ? failed.reason() : null);
    }

    /** Reads a content by itself: JSON, text or bytes. */
    private Content plain(Payload payload, @Nullable String note) {
        String text = Content.textOrNull(payload.bytes(), payload.whole());
        JsonNode tree = text == null || !payload.whole() ? null : JsonTrees.containerOrNull(text);
        if (tree != null) {
            JsonNode masked = mask.apply(tree);
            return Content.json(masked, masked == tree ? text : JsonTrees.write(masked), payload.size());
        }
        if (mask.masksFields() && (text == null || !payload.whole() || mask.suspects(text))) {
            return Content.withheld(payload.size(), note == null ? UNCHECKED : note + " " + UNCHECKED);
        }
        return text == null
                ? Content.binary(payload.bytes(), payload.size(), note)
                : Content.text(text, payload.size(), note);
    }
}
