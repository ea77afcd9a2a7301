package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON as tools read and write it, for what a server reads and writes beside them. Thread-safe. */
public final class Json {

    /**
     * A copy of the engine's mapper. Writes times and durations in ISO-8601, leaves absent and null members out, and writes
     * no number with an exponent that a plain one can show. Refuses duplicate keys, trailing text, nesting beyond 256 levels
     * and other encodings than UTF-8; ignores unknown members. Shared by all: do not configure it, {@code copy()} it.
     */
    public static final ObjectMapper MAPPER = io.qicore.mcp.internal.json.Json.MAPPER.copy();

    private Json() {}
}
