package io.qicore.mcp.timescale.internal.guard;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.ArrayLiteral;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.sql.ReadStatement;
import io.qicore.mcp.timescale.internal.sql.SqlNames;
import io.qicore.mcp.timescale.internal.sql.SqlNames.Name;
import io.qicore.mcp.timescale.internal.sql.TypeMentions;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a statement names only what its caller may use. It comes before the other checks, and does not replace them.
 *
 * <p>Every relation, function, operator and type that the text names must be in an allowed schema; functions and types may also be
 * PostgreSQL's own or an extension's. The catalogue is not allowed, and neither are functions and types that turn numbers and texts
 * into names of objects, because they tell of all schemas. What is in an allowed schema may lead to others: a view or a function
 * there is a grant of its owner.
 *
 * <p>A name that is not allowed gets the same answer whether it exists or not: the text is refused before the database sees it.
 */
public final class StatementLimits {

    /**
     * Selects the functions and types of names that are not in schemas of the caller, with whether they may be used: PostgreSQL's own
     * and those of extensions may, except functions with arguments or results that stand for objects.
     *
     * <p>Parameters: kinds, schemas (empty: the search path) and names. Ids: 26 oid, 30 oidvector, and the types of object names,
     * without those of text search, which functions take by their names. Aggregates of oid only compare.
     */
    private static final String OTHERS = """
            WITH m (kind, schema, name) AS (
              SELECT * FROM ROWS FROM (
                pg_catalog.unnest(CAST(? AS text[])),
                pg_catalog.unnest(CAST(? AS name[])),
                pg_catalog.unnest(CAST(? AS name[]))) AS m
            )
            SELECT m.kind, m.schema, m.name, n.nspname,
                (p.oid OPERATOR(pg_catalog.<) CAST(16384 AS oid) OR EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid OPERATOR(pg_catalog.=) CAST(1255 AS oid) AND d.objid OPERATOR(pg_catalog.=) p.oid
                    AND d.deptype OPERATOR(pg_catalog.=) 'e'))
                  AND NOT EXISTS (SELECT FROM pg_catalog.unnest(CAST(p.proargtypes AS oid[])
                      OPERATOR(pg_catalog.||) coalesce(p.proallargtypes, '{}')) AS t (id)
                    WHERE t.id OPERATOR(pg_catalog.=) ANY (CAST('{26,30,24,2202,2203,2204,2205,2206,4089,4096,4191}' AS oid[])))
                  AND p.prorettype OPERATOR(pg_catalog.<>) ALL (CAST('{24,2202,2203,2204,2205,2206,4089,4096,4191}' AS oid[]))
                  OR p.oid OPERATOR(pg_catalog.<) CAST(16384 AS oid)
                    AND p.proname OPERATOR(pg_catalog.=) ANY (CAST('{max,min}' AS name[]))
              FROM m
                JOIN pg_catalog.pg_proc p ON p.proname OPERATOR(pg_catalog.=) m.name
                JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
              WHERE m.kind OPERATOR(pg_catalog.<>) 'type'
                AND (n.nspname OPERATOR(pg_catalog.=) m.schema
                  OR m.schema OPERATOR(pg_catalog.=) '' AND n.nspname OPERATOR(pg_catalog.=) ANY (pg_catalog.current_schemas(true)))
                AND (m.kind OPERATOR(pg_catalog.=) 'call' OR p.pronargs OPERATOR(pg_catalog.>) 0
                  AND p.pronargs OPERATOR(pg_catalog.-) p.pronargdefaults OPERATOR(pg_catalog.<=) 1)
            UNION ALL
            SELECT m.kind, m.schema, m.name, n.nspname, EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid OPERATOR(pg_catalog.=) CAST(1247 AS oid) AND d.objid OPERATOR(pg_catalog.=) t.oid
                  AND d.deptype OPERATOR(pg_catalog.=) 'e')
              FROM m
                JOIN pg_catalog.pg_type t ON t.typname OPERATOR(pg_catalog.=) m.name
                JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace
                  AND n.nspname OPERATOR(pg_catalog.=) m.schema
              WHERE m.kind OPERATOR(pg_catalog.=) 'type'
            """;

    private static final String SYSTEM = "pg_catalog";

    /** Functions of PostgreSQL and of extensions that tell of objects by names in their arguments. */
    private static final Set<String> TELLING = Set.of(
            "current_schemas",
            "currtid2",
            "find_srid",
            "has_any_column_privilege",
            "has_column_privilege",
            "has_database_privilege",
            "has_foreign_data_wrapper_privilege",
            "has_function_privilege",
            "has_language_privilege",
            "has_largeobject_privilege",
            "has_parameter_privilege",
            "has_schema_privilege",
            "has_sequence_privilege",
            "has_server_privilege",
            "has_table_privilege",
            "has_tablespace_privilege",
            "has_type_privilege",
            "row_security_active",
            "to_regtypemod",
            "st_estimated_extent",
            "st_estimatedextent",
            "st_findextent");

    private final ReadStatement statement;
    private final SchemaLimits limits;

    /** A name of a kind, which has to be looked up. */
    private record Mention(String kind, Name name) {}

    /** Creates the check of a statement for a caller with limits. */
    public StatementLimits(ReadStatement statement, SchemaLimits limits) {
        this.statement = statement;
        this.limits = limits;
    }

    /**
     * Checks the text alone.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#TABLE_NOT_FOUND} if it names a relation, and with
     *     {@link TimescaleErrorCode#STATEMENT_NOT_ALLOWED} if it names anything else that the caller may not use
     */
    public void checkText() {
        TypeMentions types = statement.types();
        if (types.system().isPresent()) {
            throw refused("'" + types.system().get()
                    + "' belongs to the catalogue of PostgreSQL, which describes all schemas;"
                    + " list_tables and describe_table show what this caller may use");
        }
        SqlNames names = statement.names();
        for (Name relation : names.relations()) {
            if (!relation.schema().isEmpty() && !limits.allow(relation.schema())) {
                throw unknownRelation(null);
            }
        }
        for (Name call : names.calls()) {
            requireNotTelling(call);
        }
        for (Name attribute : names.attributes()) {
            requireNotTelling(attribute);
        }
        for (Name operator : names.operators()) {
            if (!isOwn(operator.schema())) {
                throw refused(unknown("operator", operator));
            }
        }
    }

    private static void requireNotTelling(Name function) {
        if (TELLING.contains(function.name())) {
            throw refused("function '" + function.name() + "' tells of objects in all schemas");
        }
    }

    /**
     * Checks the functions and types, which the catalogue has to resolve. The search path is that of the statement.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#STATEMENT_NOT_ALLOWED}
     */
    public void check(Session session) throws SQLException {
        List<Mention> mentions = new ArrayList<>();
        statement.names().calls().forEach(name -> mentions.add(new Mention("call", name)));
        statement.names().attributes().forEach(name -> mentions.add(new Mention("attribute", name)));
        statement.types().types().stream()
                .filter(name -> !isOwn(name.schema()))
                .forEach(name -> mentions.add(new Mention("type", name)));
        if (mentions.isEmpty()) {
            return;
        }
        Set<Mention> found = new HashSet<>();
        session.list(
                OTHERS,
                row -> {
                    Mention mention = new Mention(row.getString(1), new Name(row.getString(2), row.getString(3)));
                    boolean allowed = row.getBoolean(5);
                    if (!allowed && !limits.allow(row.getString(4))) {
                        throw refused(unknown(mention.kind().equals("type") ? "type" : "function", mention.name()));
                    }
                    found.add(mention);
                    return mention;
                },
                array(mentions.stream().map(Mention::kind).toList()),
                array(mentions.stream().map(mention -> mention.name().schema()).toList()),
                array(mentions.stream().map(mention -> mention.name().name()).toList()));
        for (Mention mention : mentions) {
            // The same answer as for one that exists.
            if (!isOwn(mention.name().schema()) && !found.contains(mention)) {
                throw refused(unknown(mention.kind().equals("type") ? "type" : "function", mention.name()));
            }
        }
    }

    private boolean isOwn(String schema) {
        return schema.isEmpty() || schema.equals(SYSTEM) || limits.allow(schema);
    }

    /** Returns the error for a relation that does not exist or may not be used, which are not told apart. */
    public MCPToolError unknownRelation(@Nullable Throwable cause) {
        return new MCPToolError(
                TimescaleErrorCode.TABLE_NOT_FOUND,
                "A table or view of the statement does not exist, or this caller may not use it. It may use " + limits
                        + ". Call list_tables for the tables there are.",
                Map.of("allowed", limits.allowed()),
                cause);
    }

    private String unknown(String kind, Name name) {
        return kind + " '" + name + "' does not exist, or this caller may not use it. It may use " + limits;
    }

    private static MCPToolError refused(String why) {
        return new Refused(why).toToolError();
    }

    private static String array(List<String> values) {
        return ArrayLiteral.of(values);
    }
}
