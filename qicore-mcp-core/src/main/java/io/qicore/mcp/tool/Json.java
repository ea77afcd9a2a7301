package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.ObjectMapper;

/** The JSON mapper for applications, configured like the one that reads arguments and writes results. Thread-safe. */
public final class Json {

    /**
     * A copy of the engine's mapper. Writes times and durations in ISO 8601, omits absent and null members, and avoids
     * exponents in numbers where possible. Rejects duplicate keys, text after the value, nesting deeper than 256 levels
     * and encodings other than UTF-8. Ignores unknown members. The mapper is shared: configure a {@code copy()} of it
     * instead.
     */
    public static final ObjectMapper MAPPER = io.qicore.mcp.internal.json.Json.MAPPER.copy();

    private Json() {}
}
