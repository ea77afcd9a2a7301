package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.qicore.mcp.timescale.internal.sql.TimeText;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A type of the database with the types of its parts. Reads the text of a value as PostgreSQL writes it, and writes it as
 * JSON, each part as a value of its own type would be.
 */
sealed interface CellType {

    /** Writes a value that is not NULL. */
    void write(String text, JsonGenerator out) throws IOException;

    /** Returns whether the type has an attribute, which somebody may add or remove while the type has the same id. */
    default boolean hasAttributes() {
        return false;
    }

    /** A type without parts. */
    record Scalar(CellFormat format) implements CellType {
        @Override
        public void write(String text, JsonGenerator out) throws IOException {
            format.write(text, out);
        }
    }

    /**
     * An array. Becomes a JSON array; the bounds of an array that does not begin at 1 are left out.
     *
     * @param delimiter between elements, which for {@code box} is a semicolon
     */
    record ArrayOf(CellType element, char delimiter) implements CellType {
        @Override
        public boolean hasAttributes() {
            return element.hasAttributes();
        }

        @Override
        public void write(String text, JsonGenerator out) throws IOException {
            // Bounds come before the braces, as in [0:1]={1,2}.
            PartReader reader = new PartReader(text, text.indexOf('{'));
            array(reader, out);
        }

        private void array(PartReader reader, JsonGenerator out) throws IOException {
            out.writeStartArray();
            reader.skip();
            while (reader.next() != '}') {
                if (reader.next() == '{') {
                    array(reader, out);
                } else {
                    boolean quoted = reader.next() == '"';
                    String part = reader.part(delimiter, '}');
                    if (!quoted && part.equals("NULL")) {
                        out.writeNull();
                    } else {
                        element.write(part, out);
                    }
                }
                if (reader.next() == delimiter) {
                    reader.skip();
                }
            }
            reader.skip();
            out.writeEndArray();
        }
    }

    /** {@code int2vector} and {@code oidvector}, whose text has spaces between the elements. Becomes a JSON array. */
    record Vector(CellType element) implements CellType {
        @Override
        public void write(String text, JsonGenerator out) throws IOException {
            out.writeStartArray();
            if (!text.isEmpty()) {
                for (String part : text.split(" ")) {
                    element.write(part, out);
                }
            }
            out.writeEndArray();
        }
    }

    /** An attribute of a composite. */
    record Attribute(String name, CellType type) {}

    /** A composite type or the row type of a table. Becomes a JSON object. */
    record Composite(List<Attribute> attributes) implements CellType {
        @Override
        public boolean hasAttributes() {
            return true;
        }

        @Override
        public void write(String text, JsonGenerator out) throws IOException {
            PartReader reader = new PartReader(text, 0);
            out.writeStartObject();
            for (Attribute attribute : attributes) {
                reader.skip();
                out.writeFieldName(attribute.name());
                if (reader.next() == ',' || reader.next() == ')') {
                    out.writeNull();
                } else {
                    attribute.type().write(reader.part(',', ')'), out);
                }
            }
            out.writeEndObject();
        }
    }

    /** A range or multirange of times. Stays the text of PostgreSQL, which accepts it, with its times in ISO-8601. */
    record RangeOfTimes(boolean withZone) implements CellType {

        private static final Pattern TIME = Pattern.compile("\"([^\"]*)\"");

        @Override
        public void write(String text, JsonGenerator out) throws IOException {
            out.writeString(TIME.matcher(text).replaceAll(match -> {
                String time = withZone ? TimeText.utc(match.group(1)) : TimeText.local(match.group(1));
                return time.indexOf(' ') < 0 ? time : '"' + time + '"';
            }));
        }
    }

    /** Reads the text of arrays and composites. */
    final class PartReader {

        private final String text;
        private int at;

        PartReader(String text, int start) {
            this.text = text;
            this.at = start;
        }

        char next() {
            return text.charAt(at);
        }

        void skip() {
            at++;
        }

        /** Reads a part up to one of two characters, without its quotes and escapes. */
        String part(char delimiter, char end) {
            int plain = at;
            while (text.charAt(plain) != delimiter && text.charAt(plain) != end && isPlain(text.charAt(plain))) {
                plain++;
            }
            if (isPlain(text.charAt(plain))) {
                String part = text.substring(at, plain);
                at = plain;
                return part;
            }
            return quoted(delimiter, end);
        }

        private static boolean isPlain(char c) {
            return c != '"' && c != '\\';
        }

        private String quoted(char delimiter, char end) {
            StringBuilder part = new StringBuilder();
            boolean inside = false;
            for (; inside || next() != delimiter && next() != end; at++) {
                char c = next();
                if (c == '\\') {
                    at++;
                    part.append(next());
                } else if (c != '"') {
                    part.append(c);
                } else if (inside && text.charAt(at + 1) == '"') {
                    at++;
                    part.append(c);
                } else {
                    inside = !inside;
                }
            }
            return part.toString();
        }
    }
}
