package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The types that a new column may have. SQL is built from this table and never from the text of the caller. */
public final class ColumnTypes {

    private static final Pattern TEXT =
            Pattern.compile("([a-z0-9 ]+?)\\s*(?:\\(\\s*([0-9]{1,5})\\s*(?:,\\s*([0-9]{1,4})\\s*)?\\))?\\s*(\\[\\])?");

    private static final int MAX_NUMERIC_DIGITS = 1000;
    private static final int MAX_LENGTH = 65_535;

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("timestamptz", "timestamp with time zone"),
            Map.entry("timestamp with time zone", "timestamp with time zone"),
            Map.entry("timestamp", "timestamp without time zone"),
            Map.entry("timestamp without time zone", "timestamp without time zone"),
            Map.entry("date", "date"),
            Map.entry("time", "time without time zone"),
            Map.entry("interval", "interval"),
            Map.entry("text", "text"),
            Map.entry("varchar", "character varying"),
            Map.entry("character varying", "character varying"),
            Map.entry("char", "character"),
            Map.entry("character", "character"),
            Map.entry("double precision", "double precision"),
            Map.entry("double", "double precision"),
            Map.entry("float8", "double precision"),
            Map.entry("real", "real"),
            Map.entry("float4", "real"),
            Map.entry("numeric", "numeric"),
            Map.entry("decimal", "numeric"),
            Map.entry("bigint", "bigint"),
            Map.entry("int8", "bigint"),
            Map.entry("integer", "integer"),
            Map.entry("int", "integer"),
            Map.entry("int4", "integer"),
            Map.entry("smallint", "smallint"),
            Map.entry("int2", "smallint"),
            Map.entry("boolean", "boolean"),
            Map.entry("bool", "boolean"),
            Map.entry("uuid", "uuid"),
            Map.entry("json", "json"),
            Map.entry("jsonb", "jsonb"),
            Map.entry("bytea", "bytea"),
            Map.entry("inet", "inet"));

    private ColumnTypes() {}

    /**
     * Returns the SQL of a type, such as {@code timestamptz}, {@code numeric(20,8)}, {@code varchar(12)} or {@code
     * text[]}.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} that lists the supported types
     */
    public static String toSql(String type) {
        String normal = type.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
        Matcher matcher = TEXT.matcher(normal);
        String name = matcher.matches() ? NAMES.get(matcher.group(1)) : null;
        if (name == null) {
            throw unknown(type);
        }
        return name + modifier(type, name, matcher.group(2), matcher.group(3)) + (matcher.group(4) == null ? "" : "[]");
    }

    private static String modifier(String type, String name, @Nullable String first, @Nullable String second) {
        if (first == null) {
            return "";
        }
        int size = Integer.parseInt(first);
        boolean valid =
                switch (name) {
                    case "numeric" ->
                        size >= 1 && size <= MAX_NUMERIC_DIGITS && (second == null || Integer.parseInt(second) <= size);
                    case "character varying", "character" -> size >= 1 && size <= MAX_LENGTH && second == null;
                    default -> false;
                };
        if (!valid) {
            throw unknown(type);
        }
        return "(" + size + (second == null ? "" : "," + Integer.parseInt(second)) + ")";
    }

    private static MCPToolError unknown(String type) {
        String shown = type.length() <= 60 ? type : type.substring(0, 60) + "…";
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "'" + shown + "' is not a column type here. Use one of "
                        + String.join(", ", new TreeSet<>(NAMES.values()))
                        + "; numeric(precision,scale), varchar(length) and [] for an array are allowed, too.",
                Map.of("type", shown));
    }
}
