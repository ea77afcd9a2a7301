package io.qicore.mcp.timescale.attack;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A function of a catalogue, and the ways in which a statement can make it run.
 *
 * @param id its number in {@code pg_proc}
 * @param schema its schema
 * @param name its name
 * @param arguments the types of its arguments
 * @param result the type of its result
 * @param isVolatile whether it is declared VOLATILE
 * @param language its language
 * @param symbol its name in the library
 * @param library the file of the library, or null for the server itself
 * @param owner its extension, or {@code postgres}
 */
record CatalogFunction(
        String id,
        String schema,
        String name,
        List<String> arguments,
        String result,
        boolean isVolatile,
        String language,
        String symbol,
        @Nullable String library,
        String owner) {

    /** Types of which a value can be written, and one that is worth passing. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("text", "'1'::text"),
            Map.entry("name", "'t'::name"),
            Map.entry("integer", "1"),
            Map.entry("bigint", "1::bigint"),
            Map.entry("smallint", "1::smallint"),
            Map.entry("boolean", "true"),
            Map.entry("oid", "1::oid"),
            Map.entry("regclass", "'t'::regclass"),
            Map.entry("double precision", "1::float8"),
            Map.entry("numeric", "1::numeric"),
            Map.entry("bytea", "'x'::bytea"),
            Map.entry("anyelement", "1"),
            Map.entry("anyarray", "ARRAY[1]"),
            Map.entry("\"any\"", "1"),
            Map.entry("internal", "NULL"),
            Map.entry("cstring", "'1'::cstring"));

    static final String QUERY = "SELECT p.oid, n.nspname, p.proname,"
            + " (SELECT string_agg(format_type(u, NULL), '|' ORDER BY o) FROM unnest(p.proargtypes) WITH ORDINALITY a (u, o)),"
            + " format_type(p.prorettype, NULL), p.provolatile = 'v', l.lanname, p.prosrc, p.probin, coalesce((SELECT e.extname"
            + " FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid WHERE d.classid = 'pg_proc'::regclass"
            + " AND d.objid = p.oid AND d.deptype = 'e'), 'postgres')"
            + " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang"
            + " WHERE p.prokind IN ('f', 'w') AND (p.oid < 16384 OR EXISTS (SELECT FROM pg_depend d WHERE d.classid ="
            + " 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')) ORDER BY p.oid";

    static List<CatalogFunction> all(AttackTarget target) throws SQLException {
        List<CatalogFunction> functions = new ArrayList<>();
        for (List<@Nullable String> row : target.rows(QUERY)) {
            String arguments = row.get(3);
            functions.add(new CatalogFunction(
                    text(row, 0),
                    text(row, 1),
                    text(row, 2),
                    arguments == null ? List.of() : List.of(arguments.split("\\|")),
                    text(row, 4),
                    text(row, 5).equals("t"),
                    text(row, 6),
                    text(row, 7),
                    row.get(8),
                    text(row, 9)));
        }
        return functions;
    }

    private static String text(List<@Nullable String> row, int i) {
        String text = row.get(i);
        return text == null ? "" : text;
    }

    /** Returns the name for the report: {@code extension:name}. */
    String title() {
        return owner.equals("postgres") ? name : owner + ":" + name;
    }

    private boolean isInSearchPath() {
        return schema.equals("pg_catalog") || schema.equals("public");
    }

    private String qualified() {
        return quote(schema) + "." + quote(name);
    }

    private String values() {
        return arguments.stream()
                .map(type -> VALUES.getOrDefault(type, "NULL::" + type))
                .collect(Collectors.joining(", "));
    }

    /** Returns a call with its schema. */
    String call() {
        return qualified() + "(" + values() + ")";
    }

    /** Returns the ways to write it in a statement. */
    Map<String, String> notations() {
        Map<String, String> notations = new LinkedHashMap<>();
        String values = "(" + values() + ")";
        notations.put("qualified", "SELECT " + call());
        notations.put("name", "SELECT " + (isInSearchPath() ? "" : schema + ".") + quote(name) + values);
        notations.put("spaced", "SELECT " + quote(schema) + " /* x */ . " + quote(name) + "\n" + values);
        notations.put("escaped", "SELECT " + quote(schema) + ".U&\"" + escaped('\\') + "\"" + values);
        notations.put(
                "escaped otherwise", "SELECT " + quote(schema) + ".U&\"" + escaped('!') + "\" UESCAPE '!' " + values);
        notations.put("table", "SELECT count(*) FROM " + qualified() + values + " AS x");
        notations.put("rows from", "SELECT count(*) FROM ROWS FROM (" + qualified() + values + ") AS x");
        notations.put("common table", "WITH x AS (SELECT " + call() + ") SELECT count(*) FROM x");
        notations.put("subquery", "SELECT 1 WHERE EXISTS (SELECT " + call() + ")");
        if (name.matches("[a-z_][a-z0-9_]*")) {
            notations.put("upper case", "SELECT " + schema + "." + name.toUpperCase(Locale.ROOT) + values);
        }
        return notations;
    }

    /**
     * Returns the ways to write the function behind a value, which run it if it can be called with one argument. Empty if its
     * schema is not in the search path, because a schema cannot be written there.
     */
    Map<String, String> attributes() {
        if (arguments.isEmpty() || !isInSearchPath()) {
            return Map.of();
        }
        String value = VALUES.getOrDefault(arguments.get(0), "NULL::" + arguments.get(0));
        return Map.of(
                "attribute", "SELECT (" + value + ")." + quote(name),
                "attribute of a subquery", "SELECT (SELECT " + value + ")." + quote(name),
                "attribute of an element", "SELECT x.a[1]." + quote(name) + " FROM (SELECT ARRAY[" + value + "] a) x",
                "escaped attribute", "SELECT (" + value + ").U&\"" + escaped('\\') + "\"");
    }

    /**
     * Returns statements that create objects in which it is hidden, each with the statement of an agent that would run
     * it. Not every function can be hidden in every way.
     */
    Map<String, Map.Entry<List<String>, String>> hidings() {
        Map<String, Map.Entry<List<String>, String>> hidings = new LinkedHashMap<>();
        String n = "made_" + id;
        String body = "'SELECT " + call().replace("'", "''") + "'";
        String perform = "'BEGIN PERFORM " + call().replace("'", "''") + "; RETURN NULL; END'";
        put(hidings, "view", "SELECT * FROM made." + n, "CREATE VIEW made." + n + " AS SELECT " + call() + " AS x");
        put(
                hidings,
                "view of a view",
                "SELECT * FROM made.w" + n,
                "CREATE VIEW made.w" + n + " AS SELECT * FROM made." + n);
        put(hidings, "SQL body", "SELECT made.s" + n + "()", function("s" + n, "sql", body));
        put(hidings, "PL/pgSQL body", "SELECT made.p" + n + "()", function("p" + n, "plpgsql", perform));
        put(
                hidings,
                "attribute of a row",
                "SELECT t.r" + n + " FROM t",
                "CREATE FUNCTION public.r" + n + "(t) RETURNS text STABLE LANGUAGE sql AS " + body);
        put(
                hidings,
                "parsed body",
                "SELECT made.a" + n + "()",
                "CREATE FUNCTION made.a" + n + "() RETURNS bool STABLE BEGIN ATOMIC SELECT (" + call()
                        + ") IS NULL; END");
        put(
                hidings,
                "default",
                "SELECT made.d" + n + "()",
                "CREATE FUNCTION made.d" + n + "(x text DEFAULT (" + call()
                        + ")::text) RETURNS text STABLE LANGUAGE sql AS 'SELECT $1'");
        put(
                hidings,
                "wrapper of the same name",
                "SELECT api." + n + "()",
                "CREATE FUNCTION impl." + n + "() RETURNS text STABLE LANGUAGE sql AS " + body,
                "CREATE FUNCTION api." + n + "() RETURNS text STABLE LANGUAGE sql AS 'SELECT impl." + n + "()'");
        put(
                hidings,
                "synonym",
                "SELECT made.i" + n + "(" + values() + ")",
                "CREATE FUNCTION made.i" + n + "("
                        + String.join(", ", arguments) + ") RETURNS " + result + " IMMUTABLE LANGUAGE "
                        + (library == null
                                ? "internal AS '" + symbol + "'"
                                : "c AS '" + library + "', '" + symbol + "'"));
        if (!arguments.isEmpty() && arguments.get(0).equals(result)) {
            String types = arguments.size() == 1 ? "*" : String.join(", ", arguments.subList(1, arguments.size()));
            put(
                    hidings,
                    "aggregate",
                    "SELECT made.g" + n + "("
                            + (types.equals("*")
                                    ? "*"
                                    : arguments.stream()
                                            .skip(1)
                                            .map(type -> "NULL::" + type)
                                            .collect(Collectors.joining(", ")))
                            + ") FROM t",
                    "CREATE AGGREGATE made.g" + n + "(" + types + ") (SFUNC = " + qualified() + ", STYPE = " + result
                            + ")");
        }
        if (arguments.size() == 1 || arguments.size() == 2) {
            String left = arguments.size() == 2 ? "NULL::" + arguments.get(0) + " " : "";
            put(
                    hidings,
                    "operator",
                    "SELECT " + left + "OPERATOR(o" + n + ".@#@) NULL::" + arguments.get(arguments.size() - 1),
                    "CREATE SCHEMA o" + n,
                    "CREATE OPERATOR o" + n + ".@#@ (FUNCTION = " + qualified()
                            + (arguments.size() == 2 ? ", LEFTARG = " + arguments.get(0) : "") + ", RIGHTARG = "
                            + arguments.get(arguments.size() - 1) + ")");
        }
        return hidings;
    }

    private static String function(String name, String language, String body) {
        return "CREATE FUNCTION made." + name + "() RETURNS text STABLE LANGUAGE " + language + " AS " + body;
    }

    private static void put(
            Map<String, Map.Entry<List<String>, String>> hidings, String title, String statement, String... creations) {
        hidings.put(title, Map.entry(Stream.of(creations).toList(), statement));
    }

    private String escaped(char mark) {
        return name.chars().mapToObj(c -> mark + String.format("%04x", c)).collect(Collectors.joining());
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
