package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.timescale.internal.connect.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks up types by object id. The most common ones are known; all others are read from the catalogue, in one statement. */
final class CellTypes {

    /**
     * A type.
     *
     * @param sqlName its name in SQL
     * @param name its name in the catalogue
     */
    record Type(String sqlName, String name, CellType cell) {}

    /** By their fixed object ids: id, name in the catalogue, name in SQL. */
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
            .collect(Collectors.toUnmodifiableMap(words -> Integer.valueOf(words[0]), words -> {
                String name = words[1];
                return new Type(
                        words[2],
                        name,
                        name.startsWith("_") ? new CellType.ArrayOf(scalar(name.substring(1)), ',') : scalar(name));
            }));

    /** The types, and the types of their elements, attributes and bounds. A composite has a row for each attribute. */
    private static final String OTHERS = "WITH RECURSIVE needed (oid) AS (SELECT pg_catalog.unnest(CAST(? AS"
            + " pg_catalog.oid[])) UNION SELECT part.oid FROM needed n JOIN pg_catalog.pg_type t ON t.oid = n.oid,"
            + " LATERAL (SELECT t.typelem UNION ALL SELECT t.typbasetype UNION ALL SELECT a.atttypid FROM"
            + " pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped UNION"
            + " ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)) AS part"
            + " (oid) WHERE part.oid <> CAST(0 AS pg_catalog.oid)) SELECT CAST(t.oid AS pg_catalog.int8),"
            + " pg_catalog.format_type(t.oid, NULL), t.typname, t.typtype, t.typcategory, t.typlen,"
            + " CAST(t.typelem AS pg_catalog.int8), CAST(t.typbasetype AS pg_catalog.int8), t.typdelim,"
            + " CAST(r.rngsubtype AS pg_catalog.int8), a.attname, CAST(a.atttypid AS pg_catalog.int8) FROM needed n JOIN"
            + " pg_catalog.pg_type t ON t.oid = n.oid LEFT JOIN pg_catalog.pg_range r ON t.oid IN (r.rngtypid,"
            + " r.rngmultitypid) LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT"
            + " a.attisdropped ORDER BY t.oid, a.attnum";

    private record Described(
            String sqlName,
            String name,
            char kind,
            char category,
            int length,
            int element,
            int base,
            char delimiter,
            int bound,
            Map<String, Integer> attributes) {}

    private final Map<Integer, Described> described = new HashMap<>();
    private final Map<Integer, CellType> cells = new HashMap<>();

    private CellTypes() {}

    /** Returns the types of object ids. Reads the catalogue only if one is not common. */
    static Map<Integer, Type> of(List<Integer> oids, Session session) throws SQLException {
        Map<Integer, Type> types = new HashMap<>();
        List<Integer> others = new ArrayList<>();
        for (Integer oid : oids) {
            Type common = COMMON.get(oid);
            if (common != null) {
                types.put(oid, common);
            } else {
                others.add(oid);
            }
        }
        if (!others.isEmpty()) {
            CellTypes read = new CellTypes();
            read.describe(others, session);
            for (Integer oid : others) {
                types.put(oid, read.type(oid));
            }
        }
        return types;
    }

    private void describe(List<Integer> oids, Session session) throws SQLException {
        String ids = oids.stream().distinct().map(Integer::toUnsignedString).collect(Collectors.joining(",", "{", "}"));
        session.list(
                OTHERS,
                row -> {
                    Described type = described.get((int) row.getLong(1));
                    if (type == null) {
                        type = new Described(
                                row.getString(2),
                                row.getString(3),
                                row.getString(4).charAt(0),
                                row.getString(5).charAt(0),
                                row.getInt(6),
                                (int) row.getLong(7),
                                (int) row.getLong(8),
                                row.getString(9).charAt(0),
                                (int) row.getLong(10),
                                new LinkedHashMap<>());
                        described.put((int) row.getLong(1), type);
                    }
                    if (type.kind() == 'c' && row.getString(11) != null) {
                        type.attributes().put(row.getString(11), (int) row.getLong(12));
                    }
                    return type;
                },
                ids);
    }

    private Type type(int oid) {
        Described type = described.get(oid);
        return type == null
                ? new Type("unknown", "unknown", scalar("unknown"))
                : new Type(type.sqlName(), type.name(), cell(oid));
    }

    private CellType cell(int oid) {
        CellType known = cells.get(oid);
        if (known == null) {
            known = build(described.get(oid));
            cells.put(oid, known);
        }
        return known;
    }

    private CellType build(@Nullable Described type) {
        if (type == null) {
            return scalar("unknown");
        }
        if (type.kind() == 'd') {
            return cell(type.base());
        }
        if (type.kind() == 'c') {
            return new CellType.Composite(type.attributes().entrySet().stream()
                    .map(attribute -> new CellType.Attribute(attribute.getKey(), cell(attribute.getValue())))
                    .toList());
        }
        if (type.bound() != 0) {
            CellType bound = cell(type.bound());
            return bound.equals(scalar("timestamptz")) || bound.equals(scalar("timestamp"))
                    ? new CellType.RangeOfTimes(bound.equals(scalar("timestamptz")))
                    : scalar(type.name());
        }
        // Types such as point have elements, too, but a fixed length and a text of their own.
        if (type.element() != 0 && type.length() < 0 && type.category() == 'A') {
            CellType element = cell(type.element());
            Described of = described.get(type.element());
            return type.name().equals("int2vector") || type.name().equals("oidvector")
                    ? new CellType.Vector(element)
                    : new CellType.ArrayOf(element, of == null ? ',' : of.delimiter());
        }
        return scalar(type.name());
    }

    private static CellType scalar(String name) {
        return new CellType.Scalar(CellFormat.of(name));
    }
}
