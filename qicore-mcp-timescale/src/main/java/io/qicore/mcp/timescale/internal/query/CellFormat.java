package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.qicore.mcp.timescale.internal.sql.TimeText;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of the values of one type. The server writes each value as text, cut one character after the limit if
 * the value can be long, so that a huge value does not cross the network. The text is converted to JSON here. So the
 * result does not depend on how a driver decodes a type, and infinite times and distant dates are kept.
 *
 * <p>Times with a zone become ISO-8601 in UTC. Numbers become JSON numbers if every JSON reader keeps their value,
 * otherwise text. {@code NaN} and infinities become text, and {@code bytea} becomes Base64. Arrays, composites and
 * JSON become JSON. Values of other types become the text of PostgreSQL.
 */
public enum CellFormat {
    /** {@code boolean}. */
    BOOLEAN(""),
    /** {@code smallint}, {@code integer}, {@code bigint}: a JSON number up to 2<sup>53</sup> - 1, else text. */
    INTEGER(""),
    /** {@code real}, {@code double precision}: a JSON number, or text for NaN and infinities. */
    FLOAT(""),
    /** {@code numeric}: a JSON number up to {@value #SAFE_DIGITS} digits, else text. */
    NUMERIC("%s::text"),
    /** {@code timestamp with time zone}, in UTC. */
    INSTANT(""),
    /** {@code timestamp without time zone}. */
    LOCAL_TIME(""),
    /** A type whose text is short, such as {@code date} and {@code uuid}. */
    SHORT_TEXT(""),
    /** {@code inet}: text as PostgreSQL writes it in JSON, without the length of a whole address. */
    INET("pg_catalog.to_json(%s) OPERATOR(pg_catalog.#>>) CAST('{}' AS text[])"),
    /** {@code json} and {@code jsonb}. */
    JSON("%s::text"),
    /** Arrays and composites. */
    STRUCTURE("pg_catalog.to_json(%s)::text"),
    /** {@code bytea}. */
    BYTES("pg_catalog.translate(pg_catalog.encode(%s, 'base64'), E'\\n', '')"),
    /** {@code void}, which has no cast to text. */
    VOID("(%s IS NULL)::text"),
    /** {@code text} and {@code varchar}. */
    STRING("%s"),
    /** Everything else. */
    TEXT("%s::text");

    /** The number of decimal digits that a double, and so every JSON reader, keeps. */
    private static final int SAFE_DIGITS = 15;

    private static final Pattern LARGE_EXPONENT = Pattern.compile("[0-9][eE][+-]?0*[1-9][0-9]{2}");

    private static final ObjectReader JSON_READER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private final String expression;

    CellFormat(String expression) {
        this.expression = expression;
    }

    /** The largest integer that a double represents exactly. */
    private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

    /**
     * Returns the format of a type, by its name in {@code pg_type}, where the names of arrays begin with an
     * underscore.
     */
    public static CellFormat of(String typeName) {
        return switch (typeName) {
            case "bool" -> BOOLEAN;
            case "int2", "int4", "int8" -> INTEGER;
            case "float4", "float8" -> FLOAT;
            case "numeric" -> NUMERIC;
            case "timestamptz" -> INSTANT;
            case "timestamp" -> LOCAL_TIME;
            case "date", "time", "timetz", "uuid", "oid", "money", "macaddr" -> SHORT_TEXT;
            case "inet" -> INET;
            case "json", "jsonb" -> JSON;
            case "bytea" -> BYTES;
            case "void" -> VOID;
            case "text", "varchar" -> STRING;
            case "record" -> STRUCTURE;
            default -> typeName.startsWith("_") || typeName.startsWith("\"_") ? STRUCTURE : TEXT;
        };
    }

    /** Returns the largest number of characters that {@link #sql} returns for a value. */
    int widest(int maxCharacters) {
        return switch (this) {
            case BOOLEAN, INTEGER, FLOAT, INSTANT, LOCAL_TIME, SHORT_TEXT, INET, VOID -> Math.min(64, maxCharacters);
            case NUMERIC, JSON, STRUCTURE, BYTES, STRING, TEXT -> maxCharacters + 1;
        };
    }

    /**
     * Returns SQL that converts a column to text of at most one character more than the limit.
     */
    public String sql(String column, int maxCharacters) {
        return expression.isEmpty()
                ? column
                : "pg_catalog.left(" + expression.replace("%s", column) + ", " + (maxCharacters + 1) + ")";
    }

    /** Returns the JSON of a value, from the text of {@link #sql}. */
    public JsonNode toJson(@Nullable String text) {
        if (text == null) {
            return NullNode.getInstance();
        }
        return switch (this) {
            case BOOLEAN -> BooleanNode.valueOf(text.startsWith("t"));
            case INTEGER -> integer(text);
            case FLOAT -> isFinite(text) ? DoubleNode.valueOf(Double.parseDouble(text)) : TextNode.valueOf(text);
            case NUMERIC -> isFinite(text) ? numeric(text) : TextNode.valueOf(text);
            case INSTANT -> TextNode.valueOf(TimeText.utc(text));
            case LOCAL_TIME -> TextNode.valueOf(TimeText.local(text));
            case JSON, STRUCTURE -> json(text);
            case VOID -> NullNode.getInstance();
            case SHORT_TEXT, INET, BYTES, STRING, TEXT -> TextNode.valueOf(text);
        };
    }

    private static JsonNode integer(String text) {
        long value = Long.parseLong(text);
        return Math.abs(value) <= MAX_SAFE_INTEGER && value != Long.MIN_VALUE
                ? LongNode.valueOf(value)
                : TextNode.valueOf(text);
    }

    private static boolean isFinite(String text) {
        char last = text.charAt(text.length() - 1);
        return last >= '0' && last <= '9';
    }

    private static JsonNode numeric(String text) {
        String digits = withoutTrailingZeros(text);
        BigDecimal value = new BigDecimal(digits);
        if (value.precision() > SAFE_DIGITS || value.precision() - value.scale() > SAFE_DIGITS) {
            return TextNode.valueOf(text);
        }
        return value.scale() == 0 ? LongNode.valueOf(value.longValueExact()) : DecimalNode.valueOf(value);
    }

    /** Removes trailing zeros, which only show how the column was declared. */
    private static String withoutTrailingZeros(String text) {
        if (text.indexOf('.') < 0) {
            return text;
        }
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }

    private static JsonNode json(String text) {
        if (LARGE_EXPONENT.matcher(text).find()) {
            // A number of a few characters such as 1e9999 would be written with thousands of digits.
            return TextNode.valueOf(text);
        }
        try {
            return JSON_READER.readTree(text);
        } catch (JsonProcessingException unreadable) {
            // PostgreSQL accepts JSON that a parser may refuse, such as very deep nesting. Then the text is the value.
            return TextNode.valueOf(text);
        }
    }
}
