package io.qicore.mcp.timescale.internal.guard;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The queries of the guard. Every function and relation is qualified, and constants have the types of the catalogue, so
 * that nothing that a user of the database created can take their place. Objects of PostgreSQL itself have ids below
 * 16384; 2077 and 3294 are {@code current_setting} in every database.
 */
final class CatalogQueries {

    /**
     * Selects what names and ids refer to, except what is known to be harmless. Every row has to be examined further, so
     * that a statement may run if there is none.
     *
     * <p>Parameters: mentions, as arrays of their kinds, schemas (empty: the search path; {@code *}: any) and names;
     * functions in stored expressions; functions that are bound to other objects; operators; relations; relations that
     * have to be examined because of {@link #UNNAMED}.
     */
    static final String LOOKUP = filled("""
            WITH m (kind, schema, name) AS (
              SELECT * FROM ROWS FROM (
                pg_catalog.unnest(CAST(? AS text[])),
                pg_catalog.unnest(CAST(? AS name[])),
                pg_catalog.unnest(CAST(? AS name[]))) AS m
            ), f (id, bound) AS (
              SELECT p.oid, false FROM m
                JOIN pg_catalog.pg_proc p ON p.proname = m.name
                JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                WHERE ${visible} AND (m.kind = 'call'
                  OR m.kind = 'attribute' AND p.pronargs > 0 AND p.pronargs - p.pronargdefaults <= 1)
              UNION SELECT u.id, false FROM pg_catalog.unnest(CAST(? AS oid[])) AS u (id)
              UNION SELECT u.id, true FROM pg_catalog.unnest(CAST(? AS oid[])) AS u (id)
              UNION SELECT u.id, true FROM (
                SELECT o.oid FROM m
                  JOIN pg_catalog.pg_operator o ON o.oprname = m.name
                  JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
                  WHERE ${visible} AND m.kind = 'operator'
                UNION SELECT u.id FROM pg_catalog.unnest(CAST(? AS oid[])) AS u (id)) AS named (id)
                JOIN pg_catalog.pg_operator n ON n.oid = named.id
                -- The planner replaces NOT (a op b) by the negator.
                JOIN pg_catalog.pg_operator o ON o.oid IN (n.oid, n.oprnegate) AND o.oid >= CAST(16384 AS oid)
                CROSS JOIN LATERAL (VALUES (CAST(o.oprcode AS oid)), (CAST(o.oprrest AS oid)),
                  (CAST(o.oprjoin AS oid))) AS u (id)
            ), r (id) AS (
              SELECT c.oid FROM m
                JOIN pg_catalog.pg_class c ON c.relname = m.name
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE m.kind = 'relation' AND (${named} OR m.schema = '' AND pg_catalog.pg_table_is_visible(c.oid))
              UNION SELECT u.id FROM pg_catalog.unnest(CAST(? AS oid[])) AS u (id)
            )
            SELECT CASE WHEN f.bound THEN 'bound function' ELSE 'function' END AS kind, CAST(p.oid AS bigint) AS id,
                n.nspname AS schema, p.proname AS name, CAST(p.prokind AS text) AS type,
                -- A language can be renamed by its owner, who may own a database only.
                CASE WHEN h.prosrc = 'plpgsql_call_handler' THEN 'plpgsql'
                  WHEN l.lanname = 'plpgsql' THEN 'another language of that name' ELSE l.lanname END AS language,
                p.provolatile = 'v' AS volatile, p.oid < CAST(16384 AS oid) AS built_in, x.extension,
                CASE WHEN p.prosqlbody IS NULL THEN p.prosrc END AS body,
                pg_catalog.concat(CAST(p.prosqlbody AS text), ' ', CAST(p.proargdefaults AS text)) AS tree,
                CASE WHEN pg_catalog.concat(p.prosqlbody, p.proargdefaults) ~ ':funcid (2077|3294) '
                  THEN pg_catalog.concat(pg_catalog.pg_get_function_sqlbody(p.oid), ' ',
                    pg_catalog.pg_get_expr(p.proargdefaults, CAST(0 AS oid))) END AS definition,
                pg_catalog.concat_ws(' ', CAST(p.prosupport AS oid), CAST(a.aggtransfn AS oid),
                  CAST(a.aggfinalfn AS oid), CAST(a.aggcombinefn AS oid), CAST(a.aggserialfn AS oid),
                  CAST(a.aggdeserialfn AS oid), CAST(a.aggmtransfn AS oid), CAST(a.aggminvtransfn AS oid),
                  CAST(a.aggmfinalfn AS oid)) AS uses,
                CAST(a.aggsortop AS bigint) AS sorts_by,
                pg_catalog.array_to_string(p.proconfig, E'\\n') AS settings
              FROM f
                JOIN pg_catalog.pg_proc p ON p.oid = f.id
                JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                JOIN pg_catalog.pg_language l ON l.oid = p.prolang
                LEFT JOIN pg_catalog.pg_proc h ON h.oid = l.lanplcallfoid
                LEFT JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
                CROSS JOIN LATERAL (SELECT ${extension}) AS x (extension)
              WHERE NOT CASE
                WHEN f.bound AND p.oid IN (CAST(2077 AS oid), CAST(3294 AS oid)) THEN false
                WHEN p.oid < CAST(16384 AS oid) THEN p.proname <> ALL (${deniedFunctions})
                  AND (p.provolatile <> 'v' OR p.proname = ANY (${harmlessFunctions}))
                WHEN x.extension IS NOT NULL THEN x.name <> ALL (${deniedExtensionFunctions})
                  AND (p.provolatile = 'i' OR p.provolatile = 's' AND x.extension = ANY (${extensions})
                    OR x.name = ANY (${harmlessExtensionFunctions}))
                ELSE false END
            UNION ALL
            SELECT 'relation', CAST(c.oid AS bigint), n.nspname, c.relname, CAST(c.relkind AS text), '', false,
                c.oid < CAST(16384 AS oid), NULL, NULL,
                pg_catalog.concat(
                  (SELECT pg_catalog.string_agg(CAST(w.ev_action AS text), ' ') FROM pg_catalog.pg_rewrite w
                    WHERE w.ev_class = c.oid AND c.relkind = 'v'), ' ',
                  (SELECT pg_catalog.string_agg(CAST(y.polqual AS text), ' ') FROM pg_catalog.pg_policy y
                    WHERE y.polrelid = c.oid)),
                CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid AND c.relkind = 'v'
                    AND CAST(w.ev_action AS text) ~ ':funcid (2077|3294) ')
                  THEN pg_catalog.pg_get_viewdef(c.oid)
                  ELSE (SELECT pg_catalog.string_agg(pg_catalog.pg_get_expr(y.polqual, y.polrelid), ' ')
                    FROM pg_catalog.pg_policy y
                    WHERE y.polrelid = c.oid AND CAST(y.polqual AS text) ~ ':funcid (2077|3294) ') END,
                '', NULL, NULL
              FROM r
                JOIN pg_catalog.pg_class c ON c.oid = r.id
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE CASE WHEN c.oid < CAST(16384 AS oid) THEN c.relname = ANY (${deniedRelations})
                  AND (c.relname <> ALL (${showingRoleSettings}) OR EXISTS (SELECT FROM pg_catalog.pg_db_role_setting e,
                    pg_catalog.unnest(e.setconfig) AS u (setting) WHERE ${mayBeSecret}))
                ELSE (c.relkind = 'v' AND NOT ${ofKnownExtension}) OR c.relkind = 'f' OR c.relrowsecurity
                  OR c.oid = ANY (CAST(? AS oid[])) END
                OR c.relkind = 't'
            """);

    /** Selects the schemas in which names without a schema are looked up. */
    static final String SCHEMAS = "SELECT CAST(pg_catalog.current_schemas(true) AS text)";

    /** Selects the same, and the rows of {@link #LOOKUP} behind it, or NULLs if there is none. */
    static final String SCHEMAS_AND_LOOKUP =
            SCHEMAS + ", g.* FROM (SELECT) AS one LEFT JOIN (" + LOOKUP + ") AS g ON true";

    /**
     * Selects what runs without being named: as {@code relation, kind, id, definition}, with relation 0 for what may
     * run in any statement; only the constraint of a domain that reads a setting has a definition, as SQL. A cast, the operator class, a function of a type, and the constraint of a domain apply to any value.
     * Foreign tables are read through the tables that they are parts of. The planner runs IMMUTABLE functions in the
     * constraints, indexes and statistics of a table and its parts.
     */
    static final String UNNAMED = filled("""
            WITH RECURSIVE used (catalogue, object, id) AS (
              SELECT d.classid, d.objid, d.refobjid FROM pg_catalog.pg_depend d
                WHERE d.refclassid = CAST('pg_catalog.pg_proc' AS regclass) AND d.refobjid >= CAST(16384 AS oid)
                  AND d.deptype = 'n'
              UNION SELECT d.classid, d.objid, CAST(o.oprcode AS oid) FROM pg_catalog.pg_depend d
                JOIN pg_catalog.pg_operator n ON n.oid = d.refobjid
                JOIN pg_catalog.pg_operator o ON o.oid IN (n.oid, n.oprnegate)
                WHERE d.refclassid = CAST('pg_catalog.pg_operator' AS regclass) AND d.refobjid >= CAST(16384 AS oid)
                  AND d.classid <> CAST('pg_catalog.pg_operator' AS regclass)
            ), at (relation, kind, id, definition) AS (
              SELECT CASE CAST(u.catalogue AS regclass)
                    WHEN CAST('pg_catalog.pg_constraint' AS regclass) THEN k.conrelid
                    WHEN CAST('pg_catalog.pg_class' AS regclass) THEN coalesce(i.indrelid, u.object)
                    WHEN CAST('pg_catalog.pg_statistic_ext' AS regclass) THEN s.stxrelid
                    ELSE CAST(0 AS oid) END, 'bound function', p.oid, CAST(NULL AS text)
                FROM used u
                  JOIN pg_catalog.pg_proc p ON p.oid = u.id
                  LEFT JOIN pg_catalog.pg_constraint k ON k.oid = u.object
                    AND u.catalogue = CAST('pg_catalog.pg_constraint' AS regclass)
                  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = u.object
                    AND u.catalogue = CAST('pg_catalog.pg_class' AS regclass)
                  LEFT JOIN pg_catalog.pg_statistic_ext s ON s.oid = u.object
                    AND u.catalogue = CAST('pg_catalog.pg_statistic_ext' AS regclass)
                  -- A domain depends on the functions of its default, which runs only when rows are written.
                  LEFT JOIN pg_catalog.pg_type v ON v.oid = u.object AND v.typtype = 'd'
                    AND u.catalogue = CAST('pg_catalog.pg_type' AS regclass)
                WHERE v.oid IS NULL AND u.catalogue <> ALL (CAST('{pg_catalog.pg_proc,pg_catalog.pg_operator,pg_catalog.pg_rewrite,
                    pg_catalog.pg_trigger,pg_catalog.pg_event_trigger,pg_catalog.pg_attrdef,pg_catalog.pg_policy,
                    pg_catalog.pg_language,pg_catalog.pg_foreign_data_wrapper,pg_catalog.pg_extension,
                    pg_catalog.pg_am}' AS regclass[]))
                  -- What an extension brought is judged by its declaration; see LOOKUP.
                  AND (NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
                      WHERE e.classid = CAST('pg_catalog.pg_proc' AS regclass) AND e.objid = p.oid AND e.deptype = 'e')
                    OR NOT EXISTS (SELECT FROM pg_catalog.pg_roles o WHERE o.oid = p.proowner AND o.rolsuper)
                    OR p.provolatile = 'v' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
                      WHERE e.classid = u.catalogue AND e.objid = u.object AND e.deptype = 'e'))
                  AND (p.provolatile = 'i' OR u.catalogue <> ALL (CAST('{pg_catalog.pg_class,
                    pg_catalog.pg_statistic_ext}' AS regclass[])) AND coalesce(k.conrelid, CAST(0 AS oid)) = CAST(0 AS oid))
              UNION SELECT CAST(0 AS oid), CASE WHEN hit[1] IN ('funcid') THEN 'function' ELSE 'operator' END,
                  CAST(hit[2] AS oid), NULL
                FROM pg_catalog.pg_constraint k,
                  pg_catalog.regexp_matches(CAST(k.conbin AS text), ':(funcid|opno) ([0-9]+)', 'g') AS hit
                WHERE k.contypid > CAST(0 AS oid)
              UNION SELECT CAST(0 AS oid), 'definition', k.oid, pg_catalog.pg_get_expr(k.conbin, CAST(0 AS oid))
                FROM pg_catalog.pg_constraint k
                WHERE k.contypid > CAST(0 AS oid) AND CAST(k.conbin AS text) ~ ':funcid (2077|3294) '
              -- Uses of functions of PostgreSQL itself are not in pg_depend.
              UNION SELECT CAST(0 AS oid), 'bound function', CAST(t.castfunc AS oid), NULL FROM pg_catalog.pg_cast t
                WHERE t.oid >= CAST(16384 AS oid) AND CAST(t.castfunc AS oid) > CAST(0 AS oid)
                  AND CAST(t.castfunc AS oid) < CAST(16384 AS oid)
              UNION SELECT CAST(0 AS oid), 'bound function', p.oid, NULL FROM pg_catalog.pg_amproc t
                JOIN pg_catalog.pg_proc p ON p.oid = t.amproc AND p.provolatile = 'v'
                WHERE t.oid >= CAST(16384 AS oid) AND p.oid < CAST(16384 AS oid)
              UNION SELECT ft.ftrelid, 'relation', ft.ftrelid, NULL FROM pg_catalog.pg_foreign_table ft
              UNION SELECT i.inhparent, at.kind, at.id, NULL FROM at JOIN pg_catalog.pg_inherits i ON i.inhrelid = at.relation
            )
            SELECT CAST(relation AS bigint), kind, CAST(id AS bigint), definition FROM at
              WHERE relation <> id OR kind <> 'relation'
            """);

    private CatalogQueries() {}

    private static String filled(String query) {
        return query.replace(
                        "${visible}",
                        "(${named} OR m.schema = '' AND n.nspname = ANY (pg_catalog.current_schemas(true)))")
                .replace(
                        "${named}",
                        "n.nspname = m.schema OR m.schema = '*'"
                                + " OR m.schema = 'pg_temp' AND n.oid = pg_catalog.pg_my_temp_schema()")
                // A function that its owner added to an extension by hand does not count.
                .replace(
                        "${extension}",
                        "(SELECT e.extname FROM pg_catalog.pg_depend d"
                                + " JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid"
                                + " JOIN pg_catalog.pg_roles o ON o.oid = p.proowner AND o.rolsuper"
                                + " WHERE d.classid = CAST('pg_catalog.pg_proc' AS regclass) AND d.objid = p.oid"
                                + " AND d.deptype = 'e' AND p.oid >= CAST(16384 AS oid) LIMIT 1)")
                .replace(
                        "${ofKnownExtension}",
                        "EXISTS (SELECT FROM pg_catalog.pg_depend d"
                                + " JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND e.extname = ANY (${extensions})"
                                + " JOIN pg_catalog.pg_roles o ON o.oid = c.relowner AND o.rolsuper"
                                + " WHERE d.classid = CAST('pg_catalog.pg_class' AS regclass) AND d.objid = c.oid"
                                + " AND d.deptype = 'e')")
                .replace(
                        "${mayBeSecret}",
                        "pg_catalog.split_part(u.setting, '=', 1) ~ '[.]|" + KnownObjects.HIDDEN_SETTING_PARTS
                                + "' AND u.setting !~ '^timescaledb[.]'")
                .replace("${showingRoleSettings}", array(KnownObjects.SHOWING_ROLE_SETTINGS, "name[]"))
                .replace("x.name", "pg_catalog.concat(x.extension, ':', p.proname)")
                .replace("${deniedFunctions}", builtIn(KnownObjects.DENIED_FUNCTIONS.keySet()))
                .replace("${harmlessFunctions}", builtIn(KnownObjects.HARMLESS_VOLATILE))
                .replace("${deniedExtensionFunctions}", ofExtensions(KnownObjects.DENIED_FUNCTIONS.keySet()))
                .replace("${harmlessExtensionFunctions}", ofExtensions(KnownObjects.HARMLESS_VOLATILE))
                .replace("${extensions}", array(KnownObjects.EXTENSIONS, "name[]"))
                .replace("${deniedRelations}", array(KnownObjects.DENIED_RELATIONS.keySet(), "name[]"));
    }

    private static String builtIn(Collection<String> names) {
        return array(names.stream().filter(name -> !name.contains(":")).toList(), "name[]");
    }

    private static String ofExtensions(Collection<String> names) {
        return array(names.stream().filter(name -> name.contains(":")).toList(), "text[]");
    }

    private static String array(Collection<String> names, String type) {
        List<String> sorted = names.stream().sorted().toList();
        return "CAST('{" + sorted.stream().collect(Collectors.joining(",")) + "}' AS " + type + ")";
    }
}
