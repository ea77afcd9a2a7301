package io.qicore.mcp.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.Locale;
import java.util.function.Function;

/** Writes and reads values as texts where the forms of Jackson lose something. Reads the whole text, with its blanks. */
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

    /** @param value returns the value of a text, or throws {@link IllegalArgumentException} or {@link DateTimeException} */
    static <T> JsonDeserializer<T> reader(Class<T> type, Function<String, T> value) {
        return new StdScalarDeserializer<T>(type) {
            private static final long serialVersionUID = 1;

            @Override
            public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
                if (!in.hasToken(JsonToken.VALUE_STRING)) {
                    return type.cast(context.handleUnexpectedToken(type, in));
                }
                String text = in.getText();
                try {
                    return value.apply(text);
                } catch (IllegalArgumentException | DateTimeException e) {
                    return type.cast(context.handleWeirdStringValue(type, text, "%s", e.getMessage()));
                }
            }
        };
    }

    /** @param value returns the value of a key, or throws {@link DateTimeException} */
    static <T> KeyDeserializer keyReader(Class<T> type, Function<String, T> value) {
        return new KeyDeserializer() {
            @Override
            public Object deserializeKey(String key, DeserializationContext context) throws IOException {
                try {
                    return value.apply(key);
                } catch (DateTimeException e) {
                    return context.handleWeirdKey(type, key, "%s", e.getMessage());
                }
            }
        };
    }

    /** Returns the locale of a BCP 47 tag. {@link Locale#forLanguageTag} would ignore what it does not understand. */
    static Locale locale(String tag) {
        if (tag.isEmpty()) {
            throw new IllegalArgumentException("The tag of a locale is not empty; the root locale is 'und'.");
        }
        return new Locale.Builder().setLanguageTag(tag).build();
    }
}
