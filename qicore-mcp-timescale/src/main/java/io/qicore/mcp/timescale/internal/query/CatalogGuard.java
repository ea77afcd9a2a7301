package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Part;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.connect.SqlErrors;
import io.qicore.mcp.timescale.internal.sql.HarmlessFunctions;
import io.qicore.mcp.timescale.internal.sql.SqlReferences;
import io.qicore.mcp.timescale.internal.sql.SqlReferences.Name;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks in the catalogue the functions and relations of a statement, because its text does not show what they do:
 *
 * <ul>
 *   <li>A {@code VOLATILE} function of PostgreSQL, of an extension, or in C must be known as harmless.
 *   <li>The body of a function in SQL or PL/pgSQL is checked by the same rules, and so are the functions that it
 *   calls. It     must not run SQL that it builds itself.
 *   <li>A function in another language must not be volatile, and its language must be trusted.
 *   <li>The definition of a view is checked like a function. A foreign table is refused, since it reads another
 *   server or a     file.
 * </ul>
 *
 * <p>The guard does not check functions behind operators, casts, domains and row security. Only users who may create
 * objects in the database can add them; the transaction and the role are the boundary for them. Confined to one thread.
 */
public final class CatalogGuard implements Database.Opening {

    private static final int MAX_DEPTH = 8;

    private static final String RAISED = "names to examine";

    private static final String LOOKUP =
            "SELECT 'function', n.nspname, p.proname, pg_catalog.pg_function_is_visible(p.oid),"
                    + " CASE WHEN l.lanname IN ('sql', 'plpgsql') THEN coalesce(nullif(p.prosrc, ''),"
                    + " pg_catalog.pg_get_function_sqlbody(p.oid), '') END, p.provolatile = 'v', l.lanname, l.lanpltrusted,"
                    + " n.nspname = 'pg_catalog' OR EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_proc'::regclass"
                    + " AND d.objid = p.oid AND d.deptype = 'e')"
                    + " FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang"
                    + " WHERE (p.proname = ANY (CAST(? AS text[])) OR p.proname = ANY (CAST(? AS text[])) AND p.pronargs = 1"
                    + " AND n.nspname <> 'pg_catalog')"
                    + " AND p.prokind <> 'a' AND (p.provolatile = 'v' OR n.nspname <> 'pg_catalog')"
                    + " UNION ALL SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'foreign table' END, n.nspname, c.relname,"
                    + " pg_catalog.pg_table_is_visible(c.oid), CASE c.relkind WHEN 'v' THEN pg_catalog.pg_get_viewdef(c.oid) END, false, 'sql', true,"
                    + " EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
                    + " AND d.deptype = 'e')"
                    + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relname = ANY (CAST(? AS text[])) AND c.relkind IN ('v', 'f')"
                    + " AND n.nspname NOT IN ('pg_catalog', 'information_schema')";

    /**
     * A cheap query that tells whether {@link #LOOKUP} can find anything, which is rare. It has no joins to plan.
     */
    private static final String PROBE = "SELECT EXISTS (SELECT FROM pg_catalog.pg_proc WHERE proname = ANY (CAST(? AS"
            + " text[])) AND prokind <> 'a' AND (provolatile = 'v' OR pronamespace <> 'pg_catalog'::regnamespace))"
            + " OR EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = ANY (CAST(? AS text[]))"
            + " AND relkind IN ('v', 'f') AND relnamespace <> ALL"
            + " (CAST('{pg_catalog,information_schema}' AS regnamespace[])))";

    /** A function, view or foreign table, with its body if the body can be read. */
    private record Entry(
            String kind,
            Name name,
            boolean visible,
            @Nullable String body,
            boolean isVolatile,
            String language,
            boolean trusted,
            boolean ofSystem) {

        boolean isMeantBy(SqlReferences references) {
            if (!kind.equals("function")) {
                return references.relations().stream().anyMatch(this::isMeantBy);
            }
            return references.calls().stream().anyMatch(this::isMeantBy)
                    || references.attributes().stream().anyMatch(this::isMeantBy);
        }

        private boolean isMeantBy(Name mentioned) {
            return mentioned.matches(name.schema(), name.name(), visible);
        }
    }

    private final SqlReferences statement;
    /** True until the probe has found nothing to look up. */
    private boolean found = true;

    /** Creates the guard of one statement. Its first query is sent together with the opening of the transaction. */
    public CatalogGuard(SqlReferences statement) {
        this.statement = statement;
    }

    @Override
    public String sql() {
        return PROBE;
    }

    @Override
    public List<String> arguments() {
        Set<Name> functions = new HashSet<>(statement.calls());
        functions.addAll(statement.attributes());
        return List.of(array(functions), array(statement.relations()));
    }

    @Override
    public void accept(ResultSet row) throws SQLException {
        found = row.getBoolean(1);
    }

    /**
     * Returns a query that fails if {@link #check} has anything to examine, so that the server skips what comes after it.
     */
    Part raising() {
        return new Part(
                "SELECT CAST(CASE WHEN (" + PROBE + ") THEN '" + RAISED + "' ELSE '0' END AS pg_catalog.int4)",
                new ArrayList<>(arguments()));
    }

    /** Returns whether a failure is that of {@link #raising}. */
    static boolean isRaised(SQLException failure) {
        return "22P02".equals(failure.getSQLState())
                && String.valueOf(failure.getMessage()).contains(RAISED);
    }

    /**
     * Checks the functions and relations of the statement, and those that they use.
     *
     * @param session of the transaction that this opened
     * @throws MCPToolError with {@link TimescaleErrorCode#STATEMENT_NOT_ALLOWED}; the message names the object and the reason
     */
    public void check(Session session) {
        try {
            Set<Name> seen = new HashSet<>();
            List<Entry> level = found ? lookUp(session, statement) : List.of();
            for (int depth = 0; !level.isEmpty(); depth++) {
                if (depth == MAX_DEPTH) {
                    throw refused("what it uses is nested deeper than " + MAX_DEPTH + " functions and views");
                }
                List<Entry> next = new ArrayList<>();
                for (Entry entry : level) {
                    Optional<SqlReferences> inside = examine(entry);
                    seen.add(entry.name());
                    if (inside.isPresent() && !isKnown(inside.get(), seen)) {
                        next.addAll(lookUp(session, inside.get()));
                    }
                }
                level = next;
            }
        } catch (SQLException e) {
            throw SqlErrors.toToolError(e, "guard", null);
        }
    }

    /** Returns whether all references have been checked before, so that recursive functions are checked once. */
    private static boolean isKnown(SqlReferences references, Set<Name> seen) {
        Set<String> names = new HashSet<>(SqlReferences.names(seen));
        return references.isEmpty()
                || names.containsAll(SqlReferences.names(references.calls()))
                        && names.containsAll(SqlReferences.names(references.relations()));
    }

    private static List<Entry> lookUp(Session session, SqlReferences references) throws SQLException {
        return session
                .list(
                        LOOKUP,
                        CatalogGuard::read,
                        array(references.calls()),
                        array(references.attributes()),
                        array(references.relations()))
                .stream()
                .filter(entry -> entry.isMeantBy(references))
                .toList();
    }

    /** Returns the references of an object, if its body can be read and it may be used. */
    private static Optional<SqlReferences> examine(Entry entry) {
        if (entry.kind().equals("foreign table")) {
            throw refused("foreign table '" + entry.name() + "' is on another server or in a file");
        }
        if (entry.ofSystem() || entry.body() == null) {
            examineUnreadable(entry);
            return Optional.empty();
        }
        try {
            SqlReferences.refusal(entry.body()).ifPresent(why -> {
                throw refused(entry.kind() + " '" + entry.name() + "' " + why);
            });
            return Optional.of(SqlReferences.inBody(entry.body()));
        } catch (MCPToolError e) {
            if (e.is(TimescaleErrorCode.STATEMENT_NOT_ALLOWED)) {
                throw e;
            }
            throw refused("the definition of " + entry.kind() + " '" + entry.name() + "' cannot be read for checking");
        }
    }

    private static void examineUnreadable(Entry entry) {
        if (entry.kind().equals("view")
                || HarmlessFunctions.contains(entry.name().name()) && entry.ofSystem()) {
            return;
        }
        if (entry.isVolatile()) {
            throw refused("function '" + entry.name()
                    + "' is VOLATILE, so that it may do more than read, and is not known" + " as harmless");
        }
        boolean compiled = entry.language().equals("c") || entry.language().equals("internal");
        if (!entry.trusted() && !compiled) {
            throw refused("function '" + entry.name() + "' is written in the untrusted language " + entry.language());
        }
    }

    private static MCPToolError refused(String why) {
        return new MCPToolError(
                TimescaleErrorCode.STATEMENT_NOT_ALLOWED,
                "The statement is refused: " + why + ".",
                Map.of("stage", "guard"));
    }

    private static String array(Set<Name> names) {
        StringBuilder literal = new StringBuilder("{");
        for (String name : SqlReferences.names(names)) {
            literal.append(literal.length() == 1 ? "" : ",")
                    .append('"')
                    .append(name.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        return literal.append('}').toString();
    }

    private static Entry read(ResultSet row) throws SQLException {
        return new Entry(
                row.getString(1),
                new Name(row.getString(2), row.getString(3)),
                row.getBoolean(4),
                row.getString(5),
                row.getBoolean(6),
                row.getString(7),
                row.getBoolean(8),
                row.getBoolean(9));
    }
}
