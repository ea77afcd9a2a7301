package io.qicore.mcp.kafka.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Writes JSON, in the form in which {@link AvroReader} shows it, in Avro's binary encoding. Used once. */
final class AvroWriter {

    /** How many values are tried at most: unions in unions can have very many combinations of types. */
    private static final int MAX_TRIED = 500_000;

    private static final long UNSIGNED_INT = 0xffff_ffffL;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
    private final AtomicInteger tried;

    AvroWriter() {
        this(new AtomicInteger());
    }

    private AvroWriter(AtomicInteger tried) {
        this.tried = tried;
    }

    byte[] write(Schema schema, JsonNode value) throws RefusedException {
        try {
            if (schema.getType() == Schema.Type.BYTES && schema.getLogicalType() == null) {
                return base64(value, "");
            }
            value(schema, value, "");
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void value(Schema schema, JsonNode value, String path) throws IOException, RefusedException {
        if (tried.incrementAndGet() > MAX_TRIED) {
            throw RefusedException.at(path, "fits the unions of the schema in too many ways.");
        }
        switch (schema.getType()) {
            case RECORD -> record(schema, value, path);
            case ARRAY -> array(schema, value, path);
            case MAP -> map(schema, value, path);
            case UNION -> union(schema, value, path);
            case ENUM -> {
                if (!value.isTextual() || !schema.hasEnumSymbol(value.textValue())) {
                    throw RefusedException.at(path, "must be one of " + schema.getEnumSymbols() + ".");
                }
                out.writeEnum(schema.getEnumOrdinal(value.textValue()));
            }
            case FIXED -> {
                byte[] content = fixed(schema, value, path);
                if (content.length != schema.getFixedSize()) {
                    throw RefusedException.at(path, "must have " + schema.getFixedSize() + " bytes.");
                }
                out.writeFixed(content);
            }
            case BYTES -> {
                out.writeBytes(binary(schema.getLogicalType(), value, path));
            }
            case STRING -> {
                String text = text(value, path);
                boolean isUuid = schema.getLogicalType() instanceof LogicalTypes.Uuid;
                out.writeString(isUuid ? uuid(text, path).toString() : text);
            }
            case INT -> {
                long number = number(schema.getLogicalType(), value, path);
                if (number != (int) number) {
                    throw RefusedException.at(path, "must be an integer of 32 bits.");
                }
                out.writeInt((int) number);
            }
            case LONG -> out.writeLong(number(schema.getLogicalType(), value, path));
            case FLOAT -> {
                double number = floating(value, path);
                if (value.isNumber() && Float.isInfinite((float) number)) {
                    throw RefusedException.at(path, "must be a number of 32 bits.");
                }
                out.writeFloat((float) number);
            }
            case DOUBLE -> {
                double number = floating(value, path);
                if (value.isNumber() && Double.isInfinite(number)) {
                    throw RefusedException.at(path, "must be a number of 64 bits.");
                }
                out.writeDouble(number);
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    throw RefusedException.at(path, "must be true or false.");
                }
                out.writeBoolean(value.booleanValue());
            }
            case NULL -> {
                if (!value.isNull()) {
                    throw RefusedException.at(path, "must be null.");
                }
                out.writeNull();
            }
        }
    }

    private void record(Schema schema, JsonNode value, String path) throws IOException, RefusedException {
        if (!value.isObject()) {
            throw RefusedException.at(path, "must be an object: a record " + schema.getFullName() + ".");
        }
        Set<String> unknown = new HashSet<>();
        value.fieldNames().forEachRemaining(unknown::add);
        for (Schema.Field field : schema.getFields()) {
            unknown.remove(field.name());
            String name = child(path, field.name());
            if (value.has(field.name())) {
                value(field.schema(), value.get(field.name()), name);
            } else if (field.hasDefaultValue()) {
                writeDefault(field);
            } else {
                throw RefusedException.at(name, "is missing, and the schema has no default for it.");
            }
        }
        if (!unknown.isEmpty()) {
            throw RefusedException.at(child(path, unknown.iterator().next()), "is not in the schema.");
        }
    }

    private void writeDefault(Schema.Field field) throws IOException {
        Object value = GenericData.get().getDefaultValue(field);
        new GenericDatumWriter<>(field.schema()).write(value, out);
    }

    private void array(Schema schema, JsonNode value, String path) throws IOException, RefusedException {
        if (!value.isArray()) {
            throw RefusedException.at(path, "must be an array.");
        }
        out.writeArrayStart();
        out.setItemCount(value.size());
        for (int i = 0; i < value.size(); i++) {
            out.startItem();
            value(schema.getElementType(), value.get(i), child(path, String.valueOf(i)));
        }
        out.writeArrayEnd();
    }

    private void map(Schema schema, JsonNode value, String path) throws IOException, RefusedException {
        if (!value.isObject()) {
            throw RefusedException.at(path, "must be an object: a map.");
        }
        out.writeMapStart();
        out.setItemCount(value.size());
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            out.startItem();
            out.writeString(entry.getKey());
            value(schema.getValueType(), entry.getValue(), child(path, entry.getKey()));
        }
        out.writeMapEnd();
    }

    /** Writes the first branch that the value fits. */
    private void union(Schema schema, JsonNode value, String path) throws IOException, RefusedException {
        RefusedException refused = RefusedException.at(path, "fits no type of the union.");
        for (int i = 0; i < schema.getTypes().size(); i++) {
            Schema branch = schema.getTypes().get(i);
            try {
                byte[] content = branch.getType() == Schema.Type.BYTES && branch.getLogicalType() == null
                        ? withLength(base64(value, path))
                        : new AvroWriter(tried).branch(branch, value, path);
                out.writeIndex(i);
                out.writeFixed(content);
                return;
            } catch (RefusedException e) {
                // The reason of a record says more than that of null.
                if (branch.getType() != Schema.Type.NULL) {
                    refused = e;
                }
            }
        }
        throw refused;
    }

    private byte[] branch(Schema schema, JsonNode value, String path) throws IOException, RefusedException {
        value(schema, value, path);
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] withLength(byte[] content) throws IOException {
        var framed = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(framed, null);
        encoder.writeBytes(content);
        encoder.flush();
        return framed.toByteArray();
    }

    private static byte[] fixed(Schema schema, JsonNode value, String path) throws RefusedException {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            byte[] unscaled = unscaled(decimal, value, path).toByteArray();
            int size = schema.getFixedSize();
            if (unscaled.length > size) {
                throw RefusedException.at(path, "is too large for " + size + " bytes.");
            }
            byte[] padded = new byte[size];
            if (unscaled[0] < 0) {
                Arrays.fill(padded, (byte) -1);
            }
            System.arraycopy(unscaled, 0, padded, size - unscaled.length, unscaled.length);
            return padded;
        }
        if (logical != null && logical.getName().equals("uuid") && value.isTextual()) {
            UUID uuid = uuid(value.textValue(), path);
            return ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
        }
        if (logical != null && logical.getName().equals("duration") && value.isObject()) {
            return duration(value, path);
        }
        return base64(value, path);
    }

    private static byte[] duration(JsonNode value, String path) throws RefusedException {
        ByteBuffer buffer = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        for (String unit : List.of("months", "days", "millis")) {
            JsonNode number = value.path(unit);
            if (!number.isIntegralNumber() || !number.canConvertToLong() || (number.longValue() & ~UNSIGNED_INT) != 0) {
                throw RefusedException.at(child(path, unit), "must be an integer from 0 to " + UNSIGNED_INT + ".");
            }
            buffer.putInt((int) number.longValue());
        }
        if (value.size() != 3) {
            throw RefusedException.at(path, "must have months, days and millis only.");
        }
        return buffer.array();
    }

    private static byte[] binary(LogicalType logical, JsonNode value, String path)
            throws IOException, RefusedException {
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return unscaled(decimal, value, path).toByteArray();
        }
        if (logical instanceof LogicalTypes.BigDecimal) {
            BigDecimal number = decimal(value, path);
            var content = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(content, null);
            encoder.writeBytes(number.unscaledValue().toByteArray());
            encoder.writeInt(number.scale());
            return content.toByteArray();
        }
        return base64(value, path);
    }

    private static BigDecimal decimal(JsonNode value, String path) throws RefusedException {
        try {
            BigDecimal number = value.isNumber() ? value.decimalValue() : new BigDecimal(text(value, path));
            if (Math.abs((long) number.scale()) > 10_000) {
                throw RefusedException.at(path, "is too large.");
            }
            return number;
        } catch (NumberFormatException e) {
            throw RefusedException.at(path, "must be a decimal number.");
        }
    }

    private static UUID uuid(String text, String path) throws RefusedException {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw RefusedException.at(path, "must be a UUID.");
        }
    }

    private static BigInteger unscaled(LogicalTypes.Decimal decimal, JsonNode value, String path)
            throws RefusedException {
        try {
            BigDecimal scaled = decimal(value, path).setScale(decimal.getScale());
            if (scaled.precision() <= decimal.getPrecision()) {
                return scaled.unscaledValue();
            }
        } catch (ArithmeticException e) {
            throw RefusedException.at(path, "must have at most " + decimal.getScale() + " digits after the point.");
        }
        throw RefusedException.at(path, "must have at most " + decimal.getPrecision() + " digits.");
    }

    private static byte[] base64(JsonNode value, String path) throws RefusedException {
        try {
            return Base64.getDecoder().decode(text(value, path));
        } catch (IllegalArgumentException e) {
            throw RefusedException.at(path, "must be bytes as Base64.");
        }
    }

    private static String text(JsonNode value, String path) throws RefusedException {
        if (!value.isTextual()) {
            throw RefusedException.at(path, "must be a text.");
        }
        return value.textValue();
    }

    private static double floating(JsonNode value, String path) throws RefusedException {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        if (value.isTextual() && Set.of("NaN", "Infinity", "-Infinity").contains(value.textValue())) {
            return Double.parseDouble(value.textValue());
        }
        throw RefusedException.at(path, "must be a number.");
    }

    private static long number(LogicalType logical, JsonNode value, String path) throws RefusedException {
        if (value.isTextual() && logical != null) {
            return time(logical.getName(), value.textValue(), path);
        }
        if (value.isNumber()) {
            try {
                return DecimalNode.valueOf(value.decimalValue()).decimalValue().longValueExact();
            } catch (ArithmeticException e) {
                throw RefusedException.at(path, "must be an integer of 64 bits.");
            }
        }
        throw RefusedException.at(path, "must be an integer.");
    }

    private static long time(String logical, String text, String path) throws RefusedException {
        try {
            return switch (logical) {
                case "date" -> LocalDate.parse(text).toEpochDay();
                case "time-millis" -> LocalTime.parse(text).toNanoOfDay() / 1_000_000;
                case "time-micros" -> LocalTime.parse(text).toNanoOfDay() / 1_000;
                case "timestamp-millis" -> since(Instant.parse(text), 1_000);
                case "timestamp-micros" -> since(Instant.parse(text), 1_000_000);
                case "timestamp-nanos" -> since(Instant.parse(text), NANOS_PER_SECOND);
                case "local-timestamp-millis" -> since(local(text), 1_000);
                case "local-timestamp-micros" -> since(local(text), 1_000_000);
                case "local-timestamp-nanos" -> since(local(text), NANOS_PER_SECOND);
                default -> throw RefusedException.at(path, "must be an integer.");
            };
        } catch (DateTimeException | ArithmeticException e) {
            throw RefusedException.at(path, "must be a " + logical + ", as in ISO 8601.");
        }
    }

    private static Instant local(String text) {
        return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }

    /** Returns the time since 1970. ChronoUnit counts in nanoseconds, which are not enough for all microseconds. */
    private static long since(Instant time, long perSecond) {
        return BigInteger.valueOf(time.getEpochSecond())
                .multiply(BigInteger.valueOf(perSecond))
                .add(BigInteger.valueOf(time.getNano() / (NANOS_PER_SECOND / perSecond)))
                .longValueExact();
    }

    private static String child(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
