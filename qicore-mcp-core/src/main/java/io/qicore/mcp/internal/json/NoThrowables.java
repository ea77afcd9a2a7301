package io.qicore.mcp.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;

/** Refuses to write exceptions: their messages, causes and stack traces are for the log, not for clients. */
final class NoThrowables extends StdSerializer<Throwable> {

    private static final long serialVersionUID = 1;

    NoThrowables() {
        super(Throwable.class);
    }

    @Override
    public void serialize(Throwable value, JsonGenerator out, SerializerProvider provider) throws JsonMappingException {
        throw JsonMappingException.from(
                provider,
                "An exception (" + value.getClass().getName()
                        + ") is not written as JSON: throw it, or write its message.");
    }

    @Override
    public void serializeWithType(
            Throwable value, JsonGenerator out, SerializerProvider provider, TypeSerializer typeSerializer)
            throws JsonMappingException {
        serialize(value, out, provider);
    }
}
