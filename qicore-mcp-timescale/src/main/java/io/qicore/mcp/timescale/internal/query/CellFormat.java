package io.qicore.mcp.timescale.internal.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.qicore.mcp.timescale.internal.sql.TimeText;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The JSON form of the values of one type. The server writes each value as text, and the text is converted to JSON
 * here. So the result does not depend on how a driver decodes a type, infinite times and distant dates are kept, and a
 * value looks the same alone, in an array and in a composite.
 *
 * <p>Times with a zone become ISO-8601 in UTC. Numbers become JSON numbers if every JSON reader keeps their value,
 * otherwise text. {@code NaN} and infinities become text, and {@code bytea} becomes Base64. Values of other types become
 * the text of PostgreSQL.
 */
enum CellFormat {
    /** {@code boolean}. */
    BOOLEAN,
    /** {@code smallint}, {@code integer}, {@code bigint}: a JSON number, or text if it is not safe. */
    INTEGER,
    /** {@code real}, {@code double precision}: a JSON number, or text for NaN and infinities. */
    FLOAT,
    /** {@code numeric}: a JSON number, or text if it is not safe. */
    NUMERIC,
    /** {@code timestamp with time zone}, in UTC. */
    INSTANT,
    /** {@code timestamp without time zone}. */
    LOCAL_TIME,
    /** {@code json} and {@code jsonb}. */
    JSON,
    /** A composite without a declared type, such as {@code ROW(1, 2)}, which the server writes as JSON. */
    RECORD,
    /** {@code bytea}. */
    BYTES,
    /** {@code void}, which does not have values. */
    VOID,
    /** A type whose text is short, such as {@code date} and {@code uuid}. */
    SHORT_TEXT,
    /** {@code text} and {@code varchar}. */
    STRING,
    /** Everything else. */
    TEXT;

    /** The largest length of the text of a type that is always short. */
    private static final int SHORT = 64;

    /** Returns the format of a scalar type, by its name in {@code pg_type}. */
    static CellFormat of(String typeName) {
        return switch (typeName) {
            case "bool" -> BOOLEAN;
            case "int2", "int4", "int8" -> INTEGER;
            case "float4", "float8" -> FLOAT;
            case "numeric" -> NUMERIC;
            case "timestamptz" -> INSTANT;
            case "timestamp" -> LOCAL_TIME;
            case "date",
                    "time",
                    "timetz",
                    "uuid",
                    "oid",
                    "money",
                    "macaddr",
                    "inet",
                    "cidr",
                    "interval",
                    "xid",
                    "xid8" -> SHORT_TEXT;
            case "json", "jsonb" -> JSON;
            case "bytea" -> BYTES;
            case "void" -> VOID;
            case "text", "varchar" -> STRING;
            case "record", "_record" -> RECORD;
            default -> TEXT;
        };
    }

    /** Returns whether no value of the type is long. */
    boolean isShort() {
        return switch (this) {
            case BOOLEAN, INTEGER, FLOAT, INSTANT, LOCAL_TIME, SHORT_TEXT, VOID -> true;
            case NUMERIC, JSON, RECORD, BYTES, STRING, TEXT -> false;
        };
    }

    /** Returns the largest number of characters that {@link #sql} returns for a value. */
    int widest() {
        return isShort() ? SHORT : most() + 1;
    }

    /** Returns the largest length of a text that may still fit into a cell. */
    int most() {
        // Two hexadecimal digits for each byte, which Base64 writes with 4/3 characters.
        return this == BYTES ? JsonRows.MAX_CELL_CHARACTERS * 3 / 2 + 2 : JsonRows.MAX_CELL_CHARACTERS;
    }

    /** Returns SQL for the text of a column. It is cut one character after the limit if it can be long. */
    String sql(String column) {
        if (this == VOID) {
            return "CAST(NULL AS pg_catalog.text)";
        }
        if (this == INSTANT) {
            // The microseconds. The server takes longer to write a date.
            return "pg_catalog.timestamptz_send(" + column + ")";
        }
        if (isShort()) {
            return column;
        }
        // Unlike left(), a cast to a length looks at the length in bytes first, and then has nothing to do.
        String cut = " AS pg_catalog.varchar(" + (most() + 1) + "))";
        return switch (this) {
            case STRING -> "CAST(" + column + cut;
            case NUMERIC, JSON -> "CAST(CAST(" + column + " AS pg_catalog.text)" + cut;
            case RECORD -> "CAST(CAST(pg_catalog.to_json(" + column + ") AS pg_catalog.text)" + cut;
            default -> "CAST(" + text(column) + cut;
        };
    }

    /**
     * Returns SQL for the text that the output function of the type writes. A cast to text could be a user's function,
     * and drops the padding of {@code char(n)}.
     */
    static String text(String column) {
        // IS NULL would also be true for a composite of NULLs.
        return "CASE WHEN " + column + " IS DISTINCT FROM NULL THEN pg_catalog.format('%s', " + column + ") END";
    }

    /** Writes a value as JSON, from the text of PostgreSQL. */
    void write(String text, JsonGenerator out) throws IOException {
        switch (this) {
            case BOOLEAN -> out.writeBoolean(text.startsWith("t"));
            case INTEGER -> number(text, out);
            case FLOAT -> {
                if (SafeNumber.isFinite(text)) {
                    // PostgreSQL writes 1.0 as 1, which typed readers would take for an integer.
                    out.writeNumber(SafeNumber.isInteger(text) ? text + ".0" : text);
                } else {
                    out.writeString(text);
                }
            }
            case NUMERIC -> number(text, out);
            // In an array it is a date.
            case INSTANT -> out.writeString(text.startsWith("\\x") ? TimeText.sent(text) : TimeText.utc(text));
            case LOCAL_TIME -> out.writeString(TimeText.local(text));
            case JSON, RECORD -> JsonCells.copy(text, out);
            case BYTES -> out.writeString(base64(text));
            case VOID -> out.writeNull();
            case SHORT_TEXT, STRING, TEXT -> out.writeString(text);
        }
    }

    private static void number(String text, JsonGenerator out) throws IOException {
        if (SafeNumber.isSafe(text)) {
            out.writeNumber(SafeNumber.withoutTrailingZeros(text));
        } else {
            out.writeString(text);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(text, "\\x".length(), text.length()));
    }
}
