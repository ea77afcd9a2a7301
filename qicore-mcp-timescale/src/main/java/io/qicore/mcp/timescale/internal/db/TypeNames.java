package io.qicore.mcp.timescale.internal.db;

import java.util.Map;

/** The SQL names of types, from the names that they have in {@code pg_type}. */
final class TypeNames {

    private static final Map<String, String> SQL = Map.ofEntries(
            Map.entry("bool", "boolean"),
            Map.entry("int2", "smallint"),
            Map.entry("int4", "integer"),
            Map.entry("int8", "bigint"),
            Map.entry("float4", "real"),
            Map.entry("float8", "double precision"),
            Map.entry("timestamptz", "timestamp with time zone"),
            Map.entry("timestamp", "timestamp without time zone"),
            Map.entry("timetz", "time with time zone"),
            Map.entry("time", "time without time zone"),
            Map.entry("bpchar", "character"),
            Map.entry("varchar", "character varying"),
            Map.entry("varbit", "bit varying"));

    private TypeNames() {}

    /** The driver calls an integer serial when its column takes its default from a sequence. */
    static String withoutSerial(String typeName) {
        return switch (typeName) {
            case "smallserial" -> "int2";
            case "serial" -> "int4";
            case "bigserial" -> "int8";
            default -> typeName;
        };
    }

    static String toSql(String typeName) {
        return typeName.startsWith("_")
                ? toSql(typeName.substring(1)) + "[]"
                : SQL.getOrDefault(typeName, typeName.replace("\"", ""));
    }
}
