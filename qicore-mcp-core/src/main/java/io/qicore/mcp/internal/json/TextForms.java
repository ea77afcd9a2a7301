package io.qicore.mcp.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Function;

/** Writes and reads values as texts where the forms of Jackson lose something. */
final class TextForms {

    private TextForms() {}

    static <T> JsonSerializer<T> writer(Class<T> type, Function<T, String> text) {
        return new StdScalarSerializer<T>(type) {
            private static final long serialVersionUID = 1;

            @Override
            public void serialize(T value, JsonGenerator out, SerializerProvider provider) throws IOException {
                out.writeString(text.apply(value));
            }
        };
    }

    /** @param value returns the value of a text, or throws {@link IllegalArgumentException} */
    static <T> JsonDeserializer<T> reader(Class<T> type, Function<String, T> value) {
        return new FromStringDeserializer<T>(type) {
            private static final long serialVersionUID = 1;

            @Override
            protected T _deserialize(String text, DeserializationContext context) {
                return value.apply(text);
            }
        };
    }

    /** Returns the locale of a BCP 47 tag. {@link Locale#forLanguageTag} would ignore what it does not understand. */
    static Locale locale(String tag) {
        return new Locale.Builder().setLanguageTag(tag).build();
    }
}
