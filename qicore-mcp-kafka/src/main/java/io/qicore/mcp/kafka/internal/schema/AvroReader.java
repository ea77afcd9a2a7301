package io.qicore.mcp.kafka.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Reads Avro's binary encoding into JSON. Avro's own readers allocate what a length in the data says; this one trusts no length,
 * because the data may be of another kind altogether. Used once.
 */
final class AvroReader {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MAX_DEPTH = 200;
    private static final int MAX_VALUES = 200_000;
    private static final int MAX_SCALE = 1_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final byte[] bytes;
    private final int from;
    private final BinaryDecoder in;
    private int values;

    AvroReader(byte[] bytes, int from) {
        this.bytes = bytes;
        this.from = from;
        this.in = DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, null);
    }

    JsonNode read(Schema schema) throws UndecodableException {
        if (schema.getType() == Schema.Type.BYTES && schema.getLogicalType() == null) {
            // Serializers write bytes as they are, without a length.
            return JSON.binaryNode(Arrays.copyOfRange(bytes, from, bytes.length));
        }
        try {
            JsonNode value = value(schema, 0);
            if (left() > 0) {
                throw new UndecodableException("It does not fit its Avro schema: " + left() + " bytes are left.", null);
            }
            return value;
        } catch (IOException | RuntimeException e) {
            throw new UndecodableException("It does not fit its Avro schema.", e);
        }
    }

    private int left() throws IOException {
        return in.inputStream().available();
    }

    private JsonNode value(Schema schema, int depth) throws IOException {
        if (depth > MAX_DEPTH || ++values > MAX_VALUES) {
            throw new IOException("too large");
        }
        LogicalType logical = schema.getLogicalType();
        return switch (schema.getType()) {
            case RECORD -> record(schema, depth);
            case ARRAY -> array(schema, depth);
            case MAP -> map(schema, depth);
            case UNION -> value(schema.getTypes().get(index(schema.getTypes())), depth + 1);
            case ENUM -> TextNode.valueOf(schema.getEnumSymbols().get(index(schema.getEnumSymbols())));
            case FIXED -> fixed(schema, logical);
            case BYTES -> binary(read(in.readLong()), logical);
            case STRING -> TextNode.valueOf(new String(read(in.readLong()), StandardCharsets.UTF_8));
            case INT -> number(in.readInt(), logical);
            case LONG -> number(in.readLong(), logical);
            case FLOAT -> floating(Float.toString(in.readFloat()));
            case DOUBLE -> floating(Double.toString(in.readDouble()));
            case BOOLEAN -> JSON.booleanNode(in.readBoolean());
            case NULL -> JSON.nullNode();
        };
    }

    private int index(List<?> choices) throws IOException {
        int index = in.readInt();
        if (index < 0 || index >= choices.size()) {
            throw new IOException("no such choice");
        }
        return index;
    }

    private byte[] read(long length) throws IOException {
        if (length < 0 || length > left()) {
            throw new IOException("no such length");
        }
        byte[] content = new byte[(int) length];
        in.readFixed(content);
        return content;
    }

    private ObjectNode record(Schema schema, int depth) throws IOException {
        ObjectNode object = JSON.objectNode();
        for (Schema.Field field : schema.getFields()) {
            object.set(field.name(), value(field.schema(), depth + 1));
        }
        return object;
    }

    private ArrayNode array(Schema schema, int depth) throws IOException {
        ArrayNode array = JSON.arrayNode();
        for (long count = in.readArrayStart(); count != 0; count = in.arrayNext()) {
            for (long i = 0; i < count; i++) {
                array.add(value(schema.getElementType(), depth + 1));
            }
        }
        return array;
    }

    private ObjectNode map(Schema schema, int depth) throws IOException {
        ObjectNode object = JSON.objectNode();
        for (long count = in.readMapStart(); count != 0; count = in.mapNext()) {
            for (long i = 0; i < count; i++) {
                String name = new String(read(in.readLong()), StandardCharsets.UTF_8);
                object.set(name, value(schema.getValueType(), depth + 1));
            }
        }
        return object;
    }

    private JsonNode fixed(Schema schema, LogicalType logical) throws IOException {
        byte[] content = read(schema.getFixedSize());
        ByteBuffer buffer = ByteBuffer.wrap(content);
        if (logical != null && logical.getName().equals("uuid") && content.length == 16) {
            return TextNode.valueOf(new UUID(buffer.getLong(), buffer.getLong()).toString());
        }
        if (logical != null && logical.getName().equals("duration") && content.length == 12) {
            buffer.order(ByteOrder.LITTLE_ENDIAN);
            return JSON.objectNode()
                    .put("months", Integer.toUnsignedLong(buffer.getInt()))
                    .put("days", Integer.toUnsignedLong(buffer.getInt()))
                    .put("millis", Integer.toUnsignedLong(buffer.getInt()));
        }
        return binary(content, logical);
    }

    private static JsonNode binary(byte[] content, LogicalType logical) throws IOException {
        if (logical instanceof LogicalTypes.BigDecimal) {
            AvroReader inner = new AvroReader(content, 0);
            byte[] unscaled = inner.read(inner.in.readLong());
            int scale = inner.in.readInt();
            return inner.left() == 0
                            && unscaled.length > 0
                            && unscaled.length <= MAX_SCALE
                            && Math.abs((long) scale) <= MAX_SCALE
                    ? DecimalNode.valueOf(new BigDecimal(new BigInteger(unscaled), scale))
                    : JSON.binaryNode(content);
        }
        if (logical instanceof LogicalTypes.Decimal decimal
                && content.length > 0
                && content.length <= MAX_SCALE
                && decimal.getScale() <= MAX_SCALE) {
            return DecimalNode.valueOf(new BigDecimal(new BigInteger(content), decimal.getScale()));
        }
        return JSON.binaryNode(content);
    }

    private static JsonNode number(long number, LogicalType logical) {
        if (logical == null) {
            return JSON.numberNode(number);
        }
        try {
            return switch (logical.getName()) {
                case "date" -> TextNode.valueOf(LocalDate.ofEpochDay(number).toString());
                case "time-millis" ->
                    TextNode.valueOf(LocalTime.ofNanoOfDay(Math.multiplyExact(number, 1_000_000L))
                            .toString());
                case "time-micros" ->
                    TextNode.valueOf(LocalTime.ofNanoOfDay(Math.multiplyExact(number, 1_000L))
                            .toString());
                case "timestamp-millis" ->
                    TextNode.valueOf(instant(number, 1_000).toString());
                case "timestamp-micros" ->
                    TextNode.valueOf(instant(number, 1_000_000).toString());
                case "timestamp-nanos" ->
                    TextNode.valueOf(instant(number, NANOS_PER_SECOND).toString());
                case "local-timestamp-millis" -> local(instant(number, 1_000));
                case "local-timestamp-micros" -> local(instant(number, 1_000_000));
                case "local-timestamp-nanos" -> local(instant(number, NANOS_PER_SECOND));
                default -> JSON.numberNode(number);
            };
        } catch (DateTimeException | ArithmeticException e) {
            // Beyond the range of the type, the number itself is shown.
            return JSON.numberNode(number);
        }
    }

    private static Instant instant(long units, long perSecond) {
        return Instant.ofEpochSecond(
                Math.floorDiv(units, perSecond), Math.floorMod(units, perSecond) * (NANOS_PER_SECOND / perSecond));
    }

    private static JsonNode local(Instant instant) {
        return TextNode.valueOf(LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString());
    }

    /** JSON has no NaN and no infinite numbers, so these are texts. */
    private static JsonNode floating(String number) {
        return number.endsWith("N") || number.endsWith("y")
                ? TextNode.valueOf(number)
                : DecimalNode.valueOf(new BigDecimal(number));
    }
}
