package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.timescale.internal.connect.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.core.Field;

/**
 * A column of a result.
 *
 * @param name its label; labels may repeat
 * @param type the name of its type in SQL
 * @param format what its values become
 * @param longest most characters of a value as the server writes it; of one that the server cuts, one more than the limit
 */
record ResultColumn(String name, String type, CellFormat format, int longest) {

    /** The offset that PostgreSQL adds to a declared length in the type modifier. */
    private static final int MODIFIER_OFFSET = 4;

    private record Type(String sqlName, CellFormat format) {}

    /** The most common types, by their fixed object ids: id, name in the catalogue, name in SQL. */
    private static final Map<Integer, Type> COMMON = Stream.of(
                    "16 bool boolean",
                    "17 bytea bytea",
                    "19 name name",
                    "20 int8 bigint",
                    "21 int2 smallint",
                    "23 int4 integer",
                    "25 text text",
                    "26 oid oid",
                    "114 json json",
                    "700 float4 real",
                    "701 float8 double precision",
                    "869 inet inet",
                    "1000 _bool boolean[]",
                    "1005 _int2 smallint[]",
                    "1007 _int4 integer[]",
                    "1009 _text text[]",
                    "1015 _varchar character varying[]",
                    "1016 _int8 bigint[]",
                    "1021 _float4 real[]",
                    "1022 _float8 double precision[]",
                    "1042 bpchar character",
                    "1043 varchar character varying",
                    "1082 date date",
                    "1083 time time without time zone",
                    "1114 timestamp timestamp without time zone",
                    "1184 timestamptz timestamp with time zone",
                    "1185 _timestamptz timestamp with time zone[]",
                    "1186 interval interval",
                    "1231 _numeric numeric[]",
                    "1700 numeric numeric",
                    "2249 record record",
                    "2278 void void",
                    "2950 uuid uuid",
                    "3802 jsonb jsonb")
            .map(line -> line.split(" ", 3))
            .collect(Collectors.toUnmodifiableMap(
                    words -> Integer.valueOf(words[0]), words -> new Type(words[2], CellFormat.of(words[1]))));

    /**
     * A domain has the format of its base type. Composites and arrays are JSON. Qualified and with exact types, because
     * it runs with the search path of the user.
     */
    private static final String OTHERS = "WITH RECURSIVE base (of, oid, level) AS (SELECT t.oid, t.oid, 0"
            + " FROM pg_catalog.pg_type t WHERE t.oid = ANY (CAST(? AS oid[])) UNION ALL SELECT b.of, t.typbasetype,"
            + " level + 1 FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid AND t.typtype = 'd')"
            + " SELECT DISTINCT ON (b.of) CAST(b.of AS bigint), pg_catalog.format_type(b.of, NULL),"
            + " CASE WHEN t.typtype = 'c' OR t.typcategory = 'A' THEN 'record' ELSE t.typname END"
            + " FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid ORDER BY b.of, level DESC";

    /**
     * Returns the columns of described fields. Reads types that are not common from the catalogue, in one statement.
     */
    static List<ResultColumn> of(Field[] fields, Session session) throws SQLException {
        Map<Integer, Type> others = others(fields, session);
        List<ResultColumn> columns = new ArrayList<>(fields.length);
        for (Field field : fields) {
            Type type = COMMON.containsKey(field.getOID())
                    ? COMMON.get(field.getOID())
                    : others.getOrDefault(field.getOID(), new Type("unknown", CellFormat.TEXT));
            columns.add(new ResultColumn(field.getColumnLabel(), type.sqlName(), type.format(), longest(type, field)));
        }
        return columns;
    }

    /** Returns the largest length. A declared length, as in {@code numeric(20,8)}, makes cutting unnecessary. */
    private static int longest(Type type, Field field) {
        int unknown = type.format().widest(ResultRows.MAX_CELL_CHARACTERS);
        int declared = field.getMod() - MODIFIER_OFFSET;
        if (declared < 0) {
            return unknown;
        }
        return switch (type.sqlName()) {
            // A scale may be negative or larger than the precision. Then there are zeros besides the digits.
            case "numeric" -> precision(declared) + Math.abs(scale(declared)) + "-0.".length();
            case "character varying" -> Math.min(unknown, declared);
            default -> unknown;
        };
    }

    private static int precision(int declared) {
        return declared >> 16 & 0xffff;
    }

    /** The lowest 11 bits, of which the first is the sign. */
    private static int scale(int declared) {
        return ((declared & 0x7ff) ^ 0x400) - 0x400;
    }

    /** Returns the SQL that selects the value, or its text, cut if it can be too long. */
    String sql(String column) {
        boolean declared = (format == CellFormat.NUMERIC || format == CellFormat.STRING)
                && longest <= ResultRows.MAX_CELL_CHARACTERS;
        return declared ? column : format.sql(column, ResultRows.MAX_CELL_CHARACTERS);
    }

    private static Map<Integer, Type> others(Field[] fields, Session session) throws SQLException {
        String unknown = Arrays.stream(fields)
                .map(Field::getOID)
                .filter(oid -> !COMMON.containsKey(oid))
                .distinct()
                .map(Integer::toUnsignedString)
                .collect(Collectors.joining(","));
        if (unknown.isEmpty()) {
            return Map.of();
        }
        Map<Integer, Type> types = new HashMap<>();
        session.list(
                OTHERS,
                row -> types.put((int) row.getLong(1), new Type(row.getString(2), CellFormat.of(row.getString(3)))),
                "{" + unknown + "}");
        return types;
    }
}
